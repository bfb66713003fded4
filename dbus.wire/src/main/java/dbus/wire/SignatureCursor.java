package dbus.wire;

import java.util.Arrays;

/// What reading and writing have in common: the walk over the signature while the values go by.
///
/// The walk itself is a look into [Signature#next] a value, since that leads out of structs and
/// around in arrays. Only arrays and variants are remembered while they are open.
abstract sealed class SignatureCursor permits WireInput, WireOutput {
  private static final Signature[] NO_SIGNATURES = {};
  private static final long[] NO_FRAMES = {};
  private static final int FIRST_FRAMES = 8;

  Signature signature;
  byte[] codes;
  short[] next;

  /// The place in the signature of the type that comes next.
  int at;

  // What is open: for each array and variant a number that the subclass wants back, above the place
  // where the signature goes on behind it. For a variant whose content has a signature of its own
  // the place is inverted, and the signature to go back to stands beside it.
  private long[] frames = NO_FRAMES;
  private Signature[] outer = NO_SIGNATURES;
  private int open;

  SignatureCursor(Signature signature) {
    this.signature = signature;
    this.codes = signature.codes;
    this.next = signature.next;
  }

  /// Goes to the start of a signature, whatever was open.
  final void restart(Signature signature) {
    open = 0;
    at = 0;
    if (!this.signature.equals(signature)) {
      walkTo(signature);
    }
  }

  /// Opens what begins at the current place, an array or variant, and goes to the place of what it
  /// holds.
  final void push(int number, int content) {
    if (open == frames.length) {
      growFrames();
    }
    frames[open++] = (long) number << 32 | next[at];
    at = content;
  }

  /// Opens the variant at the current place, whose content has this signature.
  final void pushVariant(int number, Signature content) {
    int single = content.length() == 1 ? signature.singleAt(content.codes[0]) : 0;
    if (single != 0) {
      push(number, single);
      return;
    }
    int opened = open;
    push(number, 0);
    frames[opened] ^= 0xffff_ffffL;
    if (outer.length < frames.length) {
      outer = Arrays.copyOf(outer, frames.length);
    }
    outer[opened] = signature;
    walkTo(content);
  }

  /// Closes what was opened last, goes to what follows it, and gives the number back.
  final int pop() {
    long frame = frames[--open];
    int place = (int) frame;
    if (place < 0) {
      walkTo(outer[open]);
      place = ~place;
    }
    at = place;
    return (int) (frame >> 32);
  }

  /// The number of what was opened last.
  final int top() {
    return (int) (frames[open - 1] >> 32);
  }

  /// Whether the cursor is directly in an array, before an element or at the end. The place behind
  /// an `a` is walked only there.
  final boolean atElement() {
    return at > 0 && codes[at - 1] == 'a';
  }

  /// Whether the cursor is behind the value of a variant.
  final boolean atEndOfVariant() {
    return codes[at] == 0 && open > 0;
  }

  /// Whether the cursor is behind the last value of the signature it started with.
  final boolean atEnd() {
    return codes[at] == 0 && open == 0;
  }

  /// Walks over the closing bracket of a struct or dict entry.
  final void walkOver(int close) {
    if (codes[at] != close) {
      throw notBehindLast(close);
    }
    at = next[at];
  }

  final void requireAtElement() {
    if (!atElement()) {
      throw new IllegalStateException("not directly in an array: " + where());
    }
  }

  final void requireEndOfVariant() {
    if (!atEndOfVariant()) {
      throw new IllegalStateException("not behind the value of a variant: " + where());
    }
  }

  final String where() {
    if (at <= signature.length()) {
      return "at " + at + " of the signature \"" + signature + "\"";
    }
    // One of the Singles, or the 0 behind it.
    char single = (char) codes[codes[at] == 0 ? at - 1 : at];
    return "in a variant of \"" + single + "\"";
  }

  private void walkTo(Signature other) {
    signature = other;
    codes = other.codes;
    next = other.next;
  }

  private IllegalStateException notBehindLast(int close) {
    return new IllegalStateException(
        "not behind the last value before " + (char) close + ": " + where());
  }

  private void growFrames() {
    frames = Arrays.copyOf(frames, Math.max(FIRST_FRAMES, 2 * open));
  }
}
