package dbus.testkit.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dbus.address.Guid;
import dbus.testkit.glib.GlibProcess;
import dbus.wire.BusName;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.ObjectPath;
import dbus.wire.Signature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;

/// The predicates of this library and of GLib give the same answers, but for the lines of the
/// conformance list that are named here.
@AddLifecycleHook(NeedsGlib.class)
class NamesVersusGlibProperties {
  private static GlibProcess glib;

  @BeforeContainer
  static void startGlib() {
    glib = GlibProcess.start(NamesVersusGlibProperties.class, "glib-names.py");
  }

  @AfterContainer
  static void stopGlib() throws IOException {
    // It is missing if it could not be started; that error is the one to report.
    if (glib != null) {
      glib.close();
    }
  }

  /// A predicate of GLib, ours, and where ours is stricter.
  enum Asked {
    NAME("name", BusName::isValid) {
      @Override
      Optional<String> stricter(String text) {
        return emptyFirstElement(text);
      }
    },
    UNIQUE_NAME("unique-name", BusName::isValidUnique) {
      @Override
      Optional<String> stricter(String text) {
        return emptyFirstElement(text);
      }
    },
    MEMBER_NAME("member-name", MemberName::isValid) {
      @Override
      Optional<String> stricter(String text) {
        return tooLong(text);
      }
    },
    INTERFACE_NAME("interface-name", InterfaceName::isValid),
    ERROR_NAME("error-name", ErrorName::isValid),
    GUID("guid", Guid::isValid),
    OBJECT_PATH("object-path", ObjectPath::isValid),
    SIGNATURE("signature", Signature::isValid) {
      @Override
      Optional<String> stricter(String text) {
        if (text.length() > 255) {
          return Optional.of("WIRE-30: longer than 255 bytes");
        }
        if (text.contains("()")) {
          return Optional.of("WIRE-16: a struct without fields");
        }
        if (Pattern.compile("(^|[^a])\\{").matcher(text).find()) {
          return Optional.of("WIRE-17: a dict entry that is no element of an array");
        }
        boolean arrays = text.chars().filter(c -> c == 'a').count() > 32;
        boolean structs = text.chars().filter(c -> c == '(').count() > 32;
        return arrays || structs ? Optional.of("WIRE-21: nested deeper than 32") : Optional.empty();
      }
    };

    private final String predicate;

    @SuppressWarnings("ImmutableEnumChecker") // It has no state.
    private final Predicate<String> ours;

    Asked(String predicate, Predicate<String> ours) {
      this.predicate = predicate;
      this.ours = ours;
    }

    /// Why this library may refuse what GLib accepts.
    Optional<String> stricter(String text) {
      return Optional.empty();
    }

    static Optional<String> emptyFirstElement(String text) {
      return text.startsWith(":.")
          ? Optional.of("NAME-06: the first element is empty")
          : Optional.empty();
    }

    static Optional<String> tooLong(String text) {
      return text.length() > 255 ? Optional.of("NAME-01: longer than 255 bytes") : Optional.empty();
    }

    boolean glib(String text) {
      String hex = HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
      return switch (glib.ask(predicate + " x" + hex)) {
        case "True" -> true;
        case "False" -> false;
        default -> throw new AssertionError("neither True nor False");
      };
    }

    void requireSame(String text) {
      boolean theirs = glib(text);
      boolean accepted = ours.test(text);
      if (theirs != accepted) {
        assertEquals(true, theirs, () -> predicate + ": only this library accepts " + text);
        assertEquals(
            true,
            stricter(text).isPresent(),
            () -> predicate + ": only GLib accepts " + text + ", for no reason that is listed");
      }
      Statistics.label(predicate).collect(theirs, accepted);
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
            WireTexts.names(),
            WireTexts.signatures(),
            NameArbitraries.objectPaths().map(ObjectPath::value),
            NameArbitraries.busNames().map(BusName::value),
            NameArbitraries.memberNames().map(MemberName::value),
            NameArbitraries.interfaceNames().map(InterfaceName::value),
            Arbitraries.strings().withChars("/_.:-aZ09é\n").ofMaxLength(8),
            Arbitraries.strings()
                .withChars("0123456789abcdefABCDEFg-")
                .ofMinLength(31)
                .ofMaxLength(33),
            Arbitraries.strings().withChars("0123456789abcdefABCDEF").ofLength(32))
        // Where a text of C ends.
        .filter(text -> text.indexOf(0) < 0);
  }

  @Property(tries = 4000)
  @Label("NAME-13: eight predicates of GLib and ours give the same answers to every text")
  void sameAnswers(@ForAll("texts") String text) {
    for (Asked asked : Asked.values()) {
      asked.requireSame(text);
    }
    Statistics.label("name").coverage(seen -> seen.check(true, true).count(n -> n > 50));
    Statistics.label("guid").coverage(seen -> seen.check(true, true).count(n -> n > 50));
    Statistics.label("object-path").coverage(seen -> seen.check(true, true).count(n -> n > 50));
    Statistics.label("signature").coverage(seen -> seen.check(true, true).count(n -> n > 50));
  }

  @Example
  @Label("NAME-13: the longest names, paths and signatures, and those one byte longer")
  void lengths() {
    for (int length : List.of(254, 255, 256)) {
      for (Asked asked : Asked.values()) {
        asked.requireSame("b".repeat(length));
        asked.requireSame("a." + "b".repeat(length - 2));
        asked.requireSame(":1." + "b".repeat(length - 3));
        asked.requireSame("/" + "b".repeat(length - 1));
        asked.requireSame("y".repeat(length));
      }
    }
    for (int depth : List.of(32, 33)) {
      Asked.SIGNATURE.requireSame("a".repeat(depth) + "y");
      Asked.SIGNATURE.requireSame("(".repeat(depth) + "y" + ")".repeat(depth));
    }
  }

  @Example
  @Label("NAME-06, WIRE-16, 17, 21, 30: where GLib 2.74 is laxer, it is laxer as listed")
  void laxer() {
    assertEquals(true, Asked.NAME.glib(":.1"));
    assertEquals(false, BusName.isValid(":.1"));
    for (String text : List.of("()", "{sv}", "a".repeat(33) + "y", "y".repeat(256))) {
      assertEquals(true, Asked.SIGNATURE.glib(text), text);
      assertEquals(false, Signature.isValid(text), text);
    }
  }
}
