package dbus.connection;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// One level of objects.
record SubtreeOfNodes(
    Supplier<? extends Collection<String>> names,
    Function<String, ? extends List<Interface>> interfaces)
    implements Subtree {

  @Override
  public List<Interface> interfacesAt(List<String> elements) {
    return elements.size() == 1 ? interfaces.apply(elements.getFirst()) : List.of();
  }

  @Override
  public Collection<String> childrenOf(List<String> elements) {
    return elements.isEmpty() ? names.get() : List.of();
  }
}
