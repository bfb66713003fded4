package dbus.auth.keyring;

import java.io.IOException;

/// The keyring cannot be used: it is not safe, or the disk does not obey. The message names the
/// file and what would be right, and never holds a secret.
public final class KeyringException extends Exception {
  private static final long serialVersionUID = 1L;

  KeyringException(String message) {
    super(message);
  }

  KeyringException(String message, IOException cause) {
    super(message, cause);
  }
}
