package dbus.address;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Names for sockets that a server makes in a directory.
final class SocketName {
  private static final String PREFIX = "dbus-";

  /// 62 characters, ten times: 59 bits, as the reference implementation has.
  private static final int RANDOM_LENGTH = 10;

  /// How many bytes a name adds to its directory, with the slash.
  private static final int ADDED_BYTES = 1 + PREFIX.length() + RANDOM_LENGTH;

  private SocketName() {}

  /// The length, in bytes, of each path that [#in] gives.
  static int longestIn(AddressValue directory) {
    return directory.length() + ADDED_BYTES;
  }

  static AddressValue in(AddressValue directory) {
    StringBuilder name = new StringBuilder(ADDED_BYTES);
    byte[] parent = directory.bytes();
    if (parent[parent.length - 1] != '/') {
      name.append('/');
    }
    name.append(PREFIX).append(RandomName.of(RANDOM_LENGTH));
    byte[] added = name.toString().getBytes(StandardCharsets.US_ASCII);
    byte[] path = Arrays.copyOf(parent, parent.length + added.length);
    System.arraycopy(added, 0, path, parent.length, added.length);
    return AddressValue.of(path);
  }
}
