package dbus.auth.keyring;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// One user's cookies on disk. A server asks for a cookie that is fresh, and tells its id; a client
/// looks up the secret of that id; both prove to each other that they can.
///
/// Reading takes no lock, since a file is only ever replaced as a whole. Writing takes the lock of
/// its context. Safe for any number of threads and processes; nothing is remembered in between.
public final class Keyring {
  /// 192 bits, as libdbus has. They are written as 48 hex digits (AUTH-46).
  static final int SECRET_BYTES = 24;

  private final KeyringDirectory directory;
  private final InstantSource clock;
  private final SecureRandom random;
  private final LockFile.Waiting waiting;

  private Keyring(
      Path directory,
      long uid,
      InstantSource clock,
      SecureRandom random,
      LockFile.Waiting waiting) {
    this.directory = new KeyringDirectory(directory, uid, random);
    this.clock = clock;
    this.random = random;
    this.waiting = waiting;
  }

  /// The keyring in a directory, which need not exist yet. Nothing is read here.
  ///
  /// @param uid the user to whom it must belong
  public static Keyring of(Path directory, long uid, InstantSource clock, SecureRandom random) {
    return new Keyring(directory, uid, clock, random, LockFile.REAL_TIME);
  }

  /// The same, with another way to wait for a lock.
  static Keyring of(
      Path directory,
      long uid,
      InstantSource clock,
      SecureRandom random,
      LockFile.Waiting waiting) {
    return new Keyring(directory, uid, clock, random, waiting);
  }

  /// Whether a directory is on a file system that tells owners and modes. Where it does not,
  /// nothing in it can be trusted. The disk is not touched.
  public static boolean isPossibleIn(Path directory) {
    return directory.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  /// Checks the directory, if it is there.
  ///
  /// @throws KeyringException if it is there and is not safe
  public void check() throws KeyringException {
    directory.exists();
  }

  /// The id of a cookie that may be used for a new handshake. If there is none, one is made; what
  /// is too old is deleted (AUTH-43). If nothing is to be done, nothing is written and no lock
  /// taken.
  ///
  /// @throws KeyringException if the keyring is not safe or the disk does not obey
  public long freshId(CookieContext context) throws KeyringException {
    directory.create();
    long now = now();
    try (CookieFile file = read(context)) {
      file.prune(now);
      Optional<Cookie> fresh = file.freshest(now);
      if (fresh.isPresent() && !file.isChanged()) {
        return fresh.get().id();
      }
    }
    try (LockFile lock = LockFile.acquire(directory.lock(context), waiting)) {
      return renew(context, lock);
    }
  }

  /// The secret of a cookie that is not too old to be kept, in the hex digits that go into the
  /// digest. The caller overwrites it after use.
  ///
  /// @throws KeyringException if the keyring is not safe or cannot be read
  public Optional<byte[]> secret(CookieContext context, long id) throws KeyringException {
    if (!directory.exists()) {
      return Optional.empty();
    }
    try (CookieFile file = read(context)) {
      return file.find(id).filter(cookie -> cookie.isKept(now())).map(Cookie::secret);
    }
  }

  /// Looks again, now that nobody else writes, and makes what is missing.
  private long renew(CookieContext context, LockFile lock) throws KeyringException {
    // The wait for the lock may have been long.
    long now = now();
    try (CookieFile file = read(context)) {
      file.prune(now);
      Optional<Cookie> fresh = file.freshest(now);
      long id = fresh.isPresent() ? fresh.get().id() : add(file, now);
      if (file.isChanged()) {
        byte[] bytes = file.bytes();
        try {
          directory.replace(context, bytes, lock);
        } finally {
          Arrays.fill(bytes, (byte) 0);
        }
      }
      return id;
    }
  }

  private int add(CookieFile file, long now) {
    int id;
    do {
      // Never the largest: GDBus counts on from the largest id that it finds.
      id = random.nextInt(1, Integer.MAX_VALUE);
    } while (file.find(id).isPresent());
    file.add(new Cookie(id, now, newSecret()));
    return id;
  }

  private byte[] newSecret() {
    byte[] raw = new byte[SECRET_BYTES];
    random.nextBytes(raw);
    byte[] digits = new byte[2 * raw.length];
    HexFormat hex = HexFormat.of();
    for (int i = 0; i < raw.length; i++) {
      digits[2 * i] = (byte) hex.toHighHexDigit(raw[i]);
      digits[2 * i + 1] = (byte) hex.toLowHexDigit(raw[i]);
    }
    Arrays.fill(raw, (byte) 0);
    return digits;
  }

  private CookieFile read(CookieContext context) throws KeyringException {
    byte[] bytes = directory.read(context);
    try {
      return CookieFile.parse(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }
}
