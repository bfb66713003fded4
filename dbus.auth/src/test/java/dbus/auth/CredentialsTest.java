package dbus.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
  private static final String SID = "S-1-5-21-1-2-3-1001";

  @Test
  @DisplayName("SEC-23 what the socket does not know is empty, not -1 and not 0")
  void whatTheSocketDoesNotKnowIsEmpty() {
    assertEquals(Credentials.UNKNOWN, Credentials.ofSocket(-1, -1, -1));
    assertEquals(Credentials.UNKNOWN, Credentials.ofSocket(4_294_967_295L, 4_294_967_295L, 0));
    assertEquals(OptionalLong.empty(), Credentials.UNKNOWN.uid());
    assertFalse(Credentials.UNKNOWN.hasUser());
  }

  @Test
  void rootIsKnown() {
    Credentials root = Credentials.ofSocket(0, 0, 1);

    assertTrue(root.hasUser());
    assertEquals(OptionalLong.of(0), root.uid());
    assertEquals("uid 0, gid 0, pid 1", root.toString());
  }

  @Test
  void idsAreUnsigned32BitNumbers() {
    assertEquals(OptionalLong.of(4_294_967_294L), Credentials.ofUid(4_294_967_294L).uid());
    for (long bad : new long[] {-1, 4_294_967_295L, 1L << 32, Long.MIN_VALUE}) {
      assertThrows(IllegalArgumentException.class, () -> Credentials.ofUid(bad));
    }
    assertThrows(IllegalArgumentException.class, () -> Credentials.ofSocket(-2, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> Credentials.ofSocket(0, 1L << 32, 1));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Credentials(
                OptionalLong.empty(), OptionalLong.empty(), OptionalLong.of(0), Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "S-1-", "S-2-5", "s-1-5-18", "S-1-5-18 ", "1000", "S-1-5-x"})
  void aSidHasItsForm(String text) {
    assertThrows(IllegalArgumentException.class, () -> Credentials.ofSid(text));
  }

  @Test
  @DisplayName("SEC-22, SEC-23 the same user is the same known number")
  void theSameUserIsTheSameKnownNumber() {
    Credentials user = Credentials.ofSocket(1000, 100, 1);

    assertTrue(user.isSameUser(Credentials.ofSocket(1000, 5, 2)));
    assertFalse(user.isSameUser(Credentials.ofSocket(1001, 100, 1)));
    assertFalse(user.isSameUser(Credentials.UNKNOWN));
    assertFalse(Credentials.UNKNOWN.isSameUser(user));
    assertFalse(Credentials.UNKNOWN.isSameUser(Credentials.UNKNOWN));
    assertFalse(Credentials.ofSocket(-1, 100, 7).isSameUser(Credentials.ofSocket(-1, 100, 7)));
  }

  @Test
  @DisplayName("AUTH-35 on Windows the same user is the same SID")
  void theSameUserIsTheSameSid() {
    Credentials user = Credentials.ofSid(SID);

    assertTrue(user.isSameUser(Credentials.ofSid(SID)));
    assertFalse(user.isSameUser(Credentials.ofSid("S-1-5-18")));
    assertFalse(user.isSameUser(Credentials.UNKNOWN));
    assertFalse(user.isSameUser(Credentials.ofUid(1000)));
    assertFalse(Credentials.ofUid(1000).isSameUser(user));
    Credentials both =
        new Credentials(
            OptionalLong.of(1), OptionalLong.empty(), OptionalLong.empty(), Optional.of(SID));
    assertFalse(both.isSameUser(user), "a uid on one side only decides");
    assertFalse(user.isSameUser(both), "and on the other side too");
    assertTrue(user.hasUser());
  }

  @Test
  void theTextNamesWhatIsKnown() {
    assertEquals("uid 1000, gid 100, pid 4242", Peers.USER_1000.toString());
    assertEquals("sid " + SID, Credentials.ofSid(SID).toString());
    assertEquals("unknown", Credentials.UNKNOWN.toString());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  @DisplayName("AUTH-34 the own credentials are those that the kernel gives to a new file")
  void theOwnCredentials(@TempDir Path dir) throws IOException {
    Path file = Files.createFile(dir.resolve("mine"));
    Credentials own = Credentials.ofThisProcess();

    assertEquals(
        Integer.toUnsignedLong((Integer) Files.getAttribute(file, "unix:uid")),
        own.uid().orElseThrow());
    assertEquals(OptionalLong.of(ProcessHandle.current().pid()), own.pid());
    assertTrue(own.gid().isPresent());
    assertTrue(own.isSameUser(Credentials.ofThisProcess()));
  }

  @Test
  @DisplayName("AUTH-34 of four ids in proc the second is the effective one")
  void theEffectiveIdIsTheSecond() {
    assertEquals(
        Credentials.ofSocket(1001, 2001, 7),
        OwnProcess.ofStatus(
            List.of("Name:\tUid:", "Uid:\t1000\t1001\t1002\t1003", "Gid:\t1\t2001\t3\t4"), 7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Uid:", "Uid:\t0", "Uid:\t0\tx\t0\t0", "Uid:\t0 -1 0 0", "uid:\t0 0 0 0"})
  @DisplayName("SEC-23 a line that cannot be read is no user")
  void aLineThatCannotBeReadIsNoUser(String line) {
    assertEquals(Credentials.ofSocket(-1, -1, 7), OwnProcess.ofStatus(List.of(line), 7));
  }
}
