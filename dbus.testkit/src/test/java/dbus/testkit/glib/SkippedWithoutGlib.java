package dbus.testkit.glib;

import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/// Skips where GLib cannot be asked, but not with the environment CI=true: there it must fail.
public abstract class SkippedWithoutGlib implements SkipExecutionHook {
  @Override
  public SkipResult shouldBeSkipped(LifecycleContext context) {
    return "true".equals(System.getenv("CI")) || GlibProcess.interpreter().isPresent()
        ? SkipResult.doNotSkip()
        : SkipResult.skip("no Python that can import gi: install python3-gi");
  }
}
