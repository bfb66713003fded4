package dbus.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The house stands as its plan says: what each module needs is told by its descriptor.
class ModuleGraphTest {

  private static final Map<String, Set<String>> PLAN =
      Map.of(
          "dbus.address", Set.of(),
          "dbus.wire", Set.of(),
          "dbus.auth", Set.of("dbus.address", "jdk.net", "jdk.security.auth"),
          "dbus.connection",
              Set.of(
                  "dbus.address",
                  "dbus.wire",
                  "dbus.auth",
                  "java.xml",
                  "jdk.jfr",
                  "org.newsclub.net.unix",
                  "com.kohlschutter.junixsocket.nativecommon"),
          "dbus.server", Set.of("dbus.connection", "java.management", "jdk.jfr"),
          "dbus.testkit", Set.of("dbus.server", "info.picocli", "net.jqwik.api"));

  static Set<String> modules() {
    return PLAN.keySet();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aModuleNeedsNoMoreAndNoLessThanPlanned(String module) {
    Set<String> needed =
        descriptor(module).requires().stream()
            .map(Requires::name)
            .filter(name -> !name.equals("java.base") && !name.equals("org.jspecify"))
            .collect(Collectors.toSet());
    assertEquals(new TreeSet<>(PLAN.get(module)), new TreeSet<>(needed));
  }

  @ParameterizedTest
  @MethodSource("modules")
  void annotationsAreNotNeededAtRunTime(String module) {
    Requires jspecify =
        descriptor(module).requires().stream()
            .filter(requires -> requires.name().equals("org.jspecify"))
            .findFirst()
            .orElseThrow();
    assertTrue(jspecify.modifiers().contains(Requires.Modifier.STATIC), jspecify::toString);
  }

  @ParameterizedTest
  @MethodSource("modules")
  void aModuleExportsItsRootPackageOrPackagesBelowItAndNoOthers(String module) {
    Set<String> strange =
        descriptor(module).exports().stream()
            .filter(exports -> !exports.isQualified())
            .map(ModuleDescriptor.Exports::source)
            .filter(name -> !name.equals(module) && !name.startsWith(module + "."))
            .collect(Collectors.toSet());
    assertEquals(Set.of(), strange);
  }

  @Test
  void noModuleOfTheProjectIsMissingHere() {
    Set<String> present =
        ModuleLayer.boot().modules().stream()
            .map(Module::getName)
            .filter(name -> name.startsWith("dbus."))
            .collect(Collectors.toSet());
    assertEquals(PLAN.keySet(), present);
  }

  private static ModuleDescriptor descriptor(String module) {
    return ModuleLayer.boot().findModule(module).orElseThrow().getDescriptor();
  }
}
