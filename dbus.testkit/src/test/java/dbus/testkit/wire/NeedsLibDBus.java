package dbus.testkit.wire;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/// Skips where libdbus cannot be called, but not with the environment CI=true: there it must fail.
@SuppressWarnings("restricted") // To look for a C library is what it is for.
final class NeedsLibDBus implements SkipExecutionHook {
  @Override
  public SkipResult shouldBeSkipped(LifecycleContext context) {
    return "true".equals(System.getenv("CI")) || isInstalled()
        ? SkipResult.doNotSkip()
        : SkipResult.skip(LibDBus.FILE + " is not installed");
  }

  private static boolean isInstalled() {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup.libraryLookup(LibDBus.FILE, arena);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}
