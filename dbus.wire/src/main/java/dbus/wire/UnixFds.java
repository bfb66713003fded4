package dbus.wire;

import java.util.List;

/// The file descriptors that travel with a message, in the order in which its `UNIX_FD` values
/// count them. D-Bus Specification, "Header Fields", `UNIX_FDS`.
///
/// The list never changes; the descriptors in it do, since each may be closed, or taken by whoever
/// wants to keep it. Closing the list closes those that are left.
public final class UnixFds implements AutoCloseable {
  /// The most that a message can have, in Linux.
  public static final int MAX = Ranges.MAX_UNIX_FDS;

  /// No descriptors.
  public static final UnixFds NONE = new UnixFds(List.of());

  private final List<UnixFdHandle> handles;

  private UnixFds(List<UnixFdHandle> handles) {
    this.handles = handles;
  }

  /// A list of descriptors, which then belong to it.
  ///
  /// @param handles the descriptors
  /// @return the list
  /// @throws IllegalArgumentException if there are more than [#MAX]; they still belong to the
  ///   caller then
  public static UnixFds of(UnixFdHandle... handles) {
    return of(List.of(handles));
  }

  /// A list of descriptors, which then belong to it.
  ///
  /// @param handles the descriptors
  /// @return the list
  /// @throws IllegalArgumentException if there are more than [#MAX]; they still belong to the
  ///   caller then
  public static UnixFds of(List<? extends UnixFdHandle> handles) {
    if (handles.size() > MAX) {
      throw new IllegalArgumentException(
          "a message has 0 to " + MAX + " file descriptors, not " + handles.size());
    }
    return handles.isEmpty() ? NONE : new UnixFds(List.copyOf(handles));
  }

  /// How many there are, closed ones included.
  ///
  /// @return 0 to [#MAX]
  public int size() {
    return handles.size();
  }

  /// Whether there are none.
  ///
  /// @return true if the size is 0
  public boolean isEmpty() {
    return handles.isEmpty();
  }

  /// One of the descriptors. It still belongs to this list.
  ///
  /// @param index what a `UNIX_FD` says, from 0
  /// @return the descriptor
  /// @throws IllegalStateException if there are not so many, as in a body that was read without the
  ///   descriptors that came with it
  public UnixFdHandle get(int index) {
    if (index < 0 || index >= handles.size()) {
      throw new IllegalStateException(
          "no file descriptor " + index + " is here: there are " + handles.size());
    }
    return handles.get(index);
  }

  /// All descriptors. They still belong to this list.
  ///
  /// @return an unmodifiable list
  public List<UnixFdHandle> asList() {
    return handles;
  }

  /// Closes those that are left.
  @Override
  public void close() {
    handles.forEach(UnixFdHandle::close);
  }

  /// For people.
  @Override
  public String toString() {
    return handles.toString();
  }
}
