package dbus.address;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An environment made of a few variables and sockets, which notes what is read.
final class FakeEnvironment implements Environment {
  private final Map<String, String> variables = new HashMap<>();
  private final Set<Path> sockets = new HashSet<>();
  final List<String> read = new ArrayList<>();

  FakeEnvironment set(String name, String value) {
    variables.put(name, value);
    return this;
  }

  FakeEnvironment socket(String path) {
    sockets.add(Path.of(path));
    return this;
  }

  @Override
  public Optional<String> variable(String name) {
    read.add(name);
    return Optional.ofNullable(variables.get(name));
  }

  @Override
  public boolean isOwnSocket(Path path) {
    return sockets.contains(path);
  }
}
