package dbus.auth;

import com.sun.security.auth.module.NTSystem;
import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Finds out who the running process is, which Java itself does not tell.
///
/// Linux says it in a file of its own, with the effective ids. Elsewhere the JDK's login module
/// knows; it is only asked if it is in the run time, since that is the caller's choice.
final class OwnProcess {
  private static final Path STATUS = Path.of("/proc/self/status");

  private OwnProcess() {}

  static Credentials credentials() {
    long pid = ProcessHandle.current().pid();
    if (Files.isReadable(STATUS)) {
      try {
        return ofStatus(Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1), pid);
      } catch (IOException unreadable) {
        // Unknown is a safe answer: it is nobody's same user.
        return Credentials.ofSocket(-1, -1, pid);
      }
    }
    return ModuleLayer.boot().findModule("jdk.security.auth").isPresent()
        ? LoginModule.credentials(pid)
        : Credentials.ofSocket(-1, -1, pid);
  }

  /// Reads proc(5) status: `Uid:` and `Gid:` are followed by the real, effective, saved and file
  /// system ids.
  static Credentials ofStatus(List<String> lines, long pid) {
    return Credentials.ofSocket(effective("Uid:", lines), effective("Gid:", lines), pid);
  }

  private static long effective(String key, List<String> lines) {
    for (String line : lines) {
      if (line.startsWith(key)) {
        List<String> ids = List.of(line.substring(key.length()).strip().split("\\s+", -1));
        return ids.size() == 4 ? id(ids.get(1)) : -1;
      }
    }
    return -1;
  }

  private static long id(String text) {
    return UserId.parse(text).orElse(-1);
  }

  /// Apart, because loading this class needs the JDK's module.
  private static final class LoginModule {
    static Credentials credentials(long pid) {
      if (System.getProperty("os.name", "").startsWith("Windows")) {
        return new Credentials(
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.of(pid),
            Optional.ofNullable(new NTSystem().getUserSID()));
      }
      UnixSystem system = new UnixSystem();
      return Credentials.ofSocket(system.getUid(), system.getGid(), pid);
    }
  }
}
