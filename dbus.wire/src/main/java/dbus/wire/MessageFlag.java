package dbus.wire;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// The flags of a message. Bits that are none of these are ignored on reading and never written.
/// D-Bus Specification, "Message Format".
public enum MessageFlag {
  /// The sender of this call wants no reply, not even an error.
  NO_REPLY_EXPECTED(0x1),
  /// A bus shall not start a service for this call; means nothing between two programs.
  NO_AUTO_START(0x2),
  /// The sender of this call can wait while the user is asked for permission.
  ALLOW_INTERACTIVE_AUTHORIZATION(0x4);

  private static final int KNOWN = 0x7;

  private final int bit;

  MessageFlag(int bit) {
    this.bit = bit;
  }

  boolean isIn(int bits) {
    return (bits & bit) != 0;
  }

  static int bits(Collection<MessageFlag> flags) {
    return flags.stream().mapToInt(flag -> flag.bit).reduce(0, (a, b) -> a | b);
  }

  static int known(int bits) {
    return bits & KNOWN;
  }

  static Set<MessageFlag> set(int bits) {
    Set<MessageFlag> flags = EnumSet.noneOf(MessageFlag.class);
    for (MessageFlag flag : values()) {
      if (flag.isIn(bits)) {
        flags.add(flag);
      }
    }
    return Collections.unmodifiableSet(flags);
  }
}
