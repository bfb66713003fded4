package dbus.connection;

/// What the thread that reads sends while it deals with what one read has brought: it is collected
/// in the [Outbox], and written as one piece when that is done.
///
/// Used by the thread that reads alone, but for [#writeElsewhere].
final class Answers {

  private final Outbox outbox;
  private final ReadingRole role;
  private final boolean collects;
  private final Pace writing = new Pace();

  /// @param collects whether there is anything to collect. Where an executor is given, the thread
  ///   that reads answers little, and may have to wait for the executor
  Answers(Outbox outbox, ReadingRole role, boolean collects) {
    this.outbox = outbox;
    this.role = role;
    this.collects = collects;
  }

  /// What is sent from now on waits.
  void collect() {
    if (collects) {
      var _ = role.takeLate();
      outbox.collect();
    }
  }

  /// Whether the first have waited long enough for the last.
  boolean areLate() {
    return role.takeLate();
  }

  /// Writes what was collected. The peer may be slow to take it, or may itself wait until it is
  /// read from: another thread reads meanwhile.
  ///
  /// @return whether the calling thread still reads
  boolean write() {
    if (!outbox.collected()) {
      return true;
    }
    if (!writing.isQuick()) {
      HandlerThreads.EXECUTOR.execute(writing.measured(outbox::write));
      return true;
    }
    long entered = role.enter(writing);
    outbox.write();
    return role.leave(entered);
  }

  /// Whether this is the pace of writing. No code of the user's runs there, but for what depends on
  /// a call whose descriptors turn out to be refused.
  @SuppressWarnings("ReferenceEquality")
  boolean isWriting(Pace pace) {
    return pace == writing;
  }

  /// The thread that reads is busy with the user's code, or about to wait. What it has collected
  /// must not wait until it comes back.
  void writeElsewhere() {
    if (outbox.collected()) {
      outbox.writeElsewhere();
    }
  }
}
