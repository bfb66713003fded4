package dbus.testkit.cli;

import picocli.CommandLine.IVersionProvider;

/// The version of the module, as `dbus --version` prints it.
final class VersionProvider implements IVersionProvider {

  @Override
  public String[] getVersion() {
    String version =
        VersionProvider.class.getModule().getDescriptor().rawVersion().orElse("unversioned");
    return new String[] {"dbus " + version};
  }
}
