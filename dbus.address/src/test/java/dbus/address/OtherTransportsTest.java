package dbus.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// unixexec, systemd, launchd, autolaunch, and transports that are unknown.
class OtherTransportsTest {
  private static List<AddressValue> values(String... texts) {
    return List.of(texts).stream().map(AddressValue::of).toList();
  }

  @Test
  @DisplayName("ADDR-37 unixexec: a path, argv0 that defaults to it, arguments in their order")
  void unixExec() {
    UnixExec exec = (UnixExec) Address.parse("unixexec:path=ssh,argv2=b,argv1=a");

    assertEquals(UnixExec.of("ssh", "a", "b"), exec);
    assertEquals(AddressValue.of("ssh"), exec.programName());
    assertEquals("unixexec:path=ssh,argv1=a,argv2=b", exec.toString());
    assertEquals(
        AddressValue.of("x"),
        ((UnixExec) Address.parse("unixexec:path=ssh,argv0=x")).programName());
  }

  @Test
  @DisplayName("ADDR-37 more than nine arguments keep their order")
  void manyArguments() {
    StringBuilder text = new StringBuilder("unixexec:path=p");
    for (int i = 1; i <= 12; i++) {
      text.append(",argv").append(i).append('=').append((char) ('a' + i));
    }
    UnixExec exec = (UnixExec) Address.parse(text.toString());

    assertEquals(
        values("b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m"), exec.arguments());
    assertEquals(text.toString(), exec.toString());
  }

  @Test
  @DisplayName("ADDR-37 arguments behind a gap do not count, but are kept")
  void gap() {
    UnixExec exec = (UnixExec) Address.parse("unixexec:path=p,argv1=a,argv3=c,argv01=d");

    assertEquals(values("a"), exec.arguments());
    assertEquals(Set.of("argv3", "argv01"), exec.unknownKeys().keySet());
    assertEquals(exec, Address.parse(exec.toString()));
  }

  @Test
  @DisplayName("ADDR-37 a number with a zero in front is no argument, also among many")
  void numberWithAZeroInFront() {
    UnixExec many = UnixExec.of("p", "a", "b", "c", "d", "e", "f", "g", "h", "i");
    Address address = Address.parse(many + ",argv01=x,argv12=y");

    assertEquals(Set.of("argv01", "argv12"), address.unknownKeys().keySet());
    assertEquals(address, Address.parse(address.toString()));
  }

  @Test
  @DisplayName("ADDR-37 path is mandatory")
  void pathIsMandatory() {
    AddressException wrong =
        assertThrows(AddressException.class, () -> Address.parse("unixexec:argv0=x"));

    assertEquals("no key \"path\"", wrong.problem());
    assertEquals(16, wrong.position());
  }

  @ParameterizedTest
  @DisplayName("ADDR-37, ADDR-38, ADDR-39, ADDR-40 who can listen, who can connect")
  @CsvSource({
    "unixexec:path=p, false, true",
    "systemd:, true, false",
    "launchd:env=A, true, true",
    "autolaunch:, false, true",
    "foo:, false, false"
  })
  void listenableAndConnectable(String text, boolean listenable, boolean connectable) {
    Address address = Address.parse(text);

    assertEquals(listenable, address.isListenable());
    assertEquals(connectable, address.isConnectable());
  }

  @Test
  @DisplayName("ADDR-38 systemd has no keys")
  void systemdHasNoKeys() {
    Address address = Address.parse("systemd:foo=bar");

    assertEquals(Systemd.of(), Address.parse("systemd:"));
    assertEquals(
        "systemd:foo=bar: key \"foo\" is unknown to \"systemd\" (at 8); correct it or leave it out",
        assertThrows(AddressException.class, address::checkListenable).getMessage());
    assertThrows(AddressException.class, address::checkConnectable);
  }

  @Test
  @DisplayName("ADDR-39 launchd needs env")
  void launchdNeedsEnv() {
    assertEquals(Launchd.of("A"), Address.parse("launchd:env=A"));
    assertEquals(
        "no key \"env\"",
        assertThrows(AddressException.class, () -> Address.parse("launchd:")).problem());
  }

  @Test
  @DisplayName("ADDR-39 autolaunch has a scope on Windows")
  void autolaunchScope() {
    assertEquals(Autolaunch.of(), Address.parse("autolaunch:"));
    assertEquals(
        new Autolaunch(Optional.of(AddressValue.of("*user")), Map.of(), Optional.empty()),
        Address.parse("autolaunch:scope=*user"));
  }

  @Test
  @DisplayName("ADDR-40, ADDR-46 an unknown transport is a BadAddress that names it")
  void unknownTransport() {
    Address address = Address.parse("foo:bar=baz");
    for (AddressException wrong :
        List.of(
            assertThrows(AddressException.class, address::checkListenable),
            assertThrows(AddressException.class, address::checkConnectable),
            assertThrows(AddressException.class, () -> Platform.LINUX.check(address)))) {
      assertEquals("transport \"foo\" is unknown", wrong.problem());
      assertEquals("foo:bar=baz", wrong.text());
      assertEquals(AddressError.BAD_ADDRESS, wrong.error());
    }
  }

  @ParameterizedTest
  @DisplayName(
      "ADDR-13 an unknown key is ignored by clients, and an error that names it for servers")
  @ValueSource(strings = {"unix:path=/a", "unix:abstract=a", "tcp:host=h,port=1", "launchd:env=A"})
  void unknownKeys(String text) {
    Address address = Address.parse(text + ",pth=/b,x=y");
    AddressException wrong = assertThrows(AddressException.class, address::checkListenable);

    assertEquals(true, address.isConnectable());
    assertEquals(false, address.isListenable());
    assertEquals("key \"pth\" is unknown to \"" + address.transport() + "\"", wrong.problem());
    assertEquals(text.length() + 1, wrong.position());
  }

  @ParameterizedTest
  @DisplayName("ADDR-14, ADDR-28, ADDR-39 what each system supports")
  @CsvSource({
    "unix:path=/a,     true,  true,  true,  true",
    "unix:dir=/a,      true,  true,  true,  true",
    "unix:tmpdir=/a,   true,  true,  true,  true",
    "unix:runtime=yes, true,  true,  true,  true",
    "unix:abstract=a,  true,  false, false, false",
    "tcp:,             true,  true,  true,  true",
    "nonce-tcp:,       true,  true,  true,  true",
    "unixexec:path=p,  true,  true,  true,  false",
    "systemd:,         true,  false, false, false",
    "launchd:env=A,    false, true,  false, false",
    "autolaunch:,      false, false, false, false",
    "foo:,             false, false, false, false"
  })
  void supported(String text, boolean linux, boolean macos, boolean unix, boolean windows) {
    Address address = Address.parse(text);

    assertEquals(linux, Platform.LINUX.supports(address));
    assertEquals(macos, Platform.MACOS.supports(address));
    assertEquals(unix, Platform.UNIX.supports(address));
    assertEquals(windows, Platform.WINDOWS.supports(address));
  }

  @ParameterizedTest
  @DisplayName("ADDR-28, ADDR-39, ADDR-46 what a system lacks is NotSupported")
  @ValueSource(strings = {"unix:abstract=a", "systemd:", "autolaunch:"})
  void notSupported(String text) {
    AddressException wrong =
        assertThrows(AddressException.class, () -> Platform.MACOS.check(Address.parse(text)));

    assertEquals(AddressError.NOT_SUPPORTED, wrong.error());
    assertEquals("org.freedesktop.DBus.Error.NotSupported", wrong.error().dbusName());
    assertEquals(text, wrong.text());
  }

  @ParameterizedTest
  @DisplayName("a system is known by the name that the JDK gives it")
  @CsvSource({
    "Linux,LINUX",
    "Mac OS X,MACOS",
    "Darwin,MACOS",
    "Windows 11,WINDOWS",
    "FreeBSD,UNIX",
    "'',UNIX"
  })
  void platformOfName(String osName, Platform platform) {
    assertEquals(platform, Platform.of(osName));
  }
}
