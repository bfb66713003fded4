package dbus.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.address.Address;
import dbus.address.AddressWarning;
import dbus.address.Guid;
import dbus.auth.Command;
import dbus.testkit.address.AddressArbitraries;
import dbus.testkit.auth.AuthArbitraries;
import dbus.testkit.wire.MessageArbitraries;
import dbus.testkit.wire.ValueArbitraries;
import dbus.wire.Message;
import dbus.wire.Value;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What peers, files and parsers read is the same wherever the user lives: where numbers have other
/// digits, where `i` has no dot in capitals, and where a comma stands for the point.
class LocaleProperties {
  @Property(tries = 500)
  @Label("the text of a value is what is read back, in every locale")
  void values(@ForAll("values") Value value, @ForAll("locales") Locale locale) {
    String text = sameIn(locale, value::toText);
    assertEquals(text, in(locale, () -> Value.parse(text).toText()));
  }

  @Property(tries = 500)
  @Label("the text of a double is what is read back, in every locale")
  void doubles(@ForAll double number, @ForAll("locales") Locale locale) {
    Value value = new Value.Double(number);
    String text = sameIn(locale, value::toText);
    assertTrue(text.chars().allMatch(c -> c < 128), text);
    assertEquals(text, in(locale, () -> Value.parse(text).toText()));
  }

  @Property(tries = 200)
  @Label("an address is written and read in the same way in every locale")
  void addresses(@ForAll("addresses") Address address, @ForAll("locales") Locale locale) {
    String text = sameIn(locale, address::toString);
    assertEquals(address, in(locale, () -> Address.parse(text)));
    sameIn(locale, () -> address.warnings().stream().map(AddressWarning::message).toList());
  }

  @Property(tries = 200)
  @Label("what is said of wrong text is the same in every locale")
  void complaints(@ForAll String text, @ForAll("locales") Locale locale) {
    List<Supplier<Object>> attempts =
        List.of(
            () -> Guid.parse(text),
            () -> Address.parse(text),
            () -> Value.parse(text),
            () -> new dbus.wire.ObjectPath(text),
            () -> dbus.wire.Signature.parse(text),
            () -> new Value.Str(text),
            () -> dbus.address.UnknownTransport.of(text, java.util.Map.of()));
    for (Supplier<Object> attempt : attempts) {
      sameIn(locale, () -> outcome(attempt));
    }
  }

  @Property(tries = 200)
  @Label("a line of the handshake is written and read in the same way in every locale")
  void lines(@ForAll("lines") String line, @ForAll("locales") Locale locale) {
    byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
    Command command = sameIn(locale, () -> Command.parse(bytes));
    if (!(command instanceof Command.Malformed)) {
      assertEquals(
          new String(command.encode(), StandardCharsets.ISO_8859_1),
          in(locale, () -> new String(command.encode(), StandardCharsets.ISO_8859_1)));
    }
    sameIn(locale, command::toString);
  }

  @Property(tries = 200)
  @Label("a message is described in the same way in every locale")
  void messages(@ForAll("messages") Message message, @ForAll("locales") Locale locale) {
    sameIn(locale, message::toString);
    sameIn(locale, message::describe);
  }

  /// What comes out in a locale, which is what comes out in none.
  private static <T> T sameIn(Locale locale, Supplier<T> question) {
    T expected = in(Locale.ROOT, question);
    assertEquals(expected, in(locale, question));
    return expected;
  }

  private static <T> T in(Locale locale, Supplier<T> question) {
    Locale before = Locale.getDefault();
    Locale.setDefault(locale);
    try {
      return question.get();
    } finally {
      Locale.setDefault(before);
    }
  }

  private static Object outcome(Supplier<Object> attempt) {
    try {
      return attempt.get();
    } catch (IllegalArgumentException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  @Provide
  Arbitrary<Locale> locales() {
    return Arbitraries.of(
        Locale.forLanguageTag("ar-EG"), Locale.forLanguageTag("tr-TR"), Locale.GERMANY);
  }

  @Provide
  Arbitrary<Value> values() {
    return ValueArbitraries.values();
  }

  @Provide
  Arbitrary<Address> addresses() {
    return AddressArbitraries.addresses();
  }

  @Provide
  Arbitrary<String> lines() {
    return Arbitraries.oneOf(AuthArbitraries.clientLines(), AuthArbitraries.serverLines());
  }

  @Provide
  Arbitrary<Message> messages() {
    return MessageArbitraries.messages();
  }
}
