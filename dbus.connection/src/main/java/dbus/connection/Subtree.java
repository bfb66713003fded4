package dbus.connection;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// Objects that are made when they are asked for: all that is at a path and below it.
///
/// Exported at `/com/example/users`, this serves an object for each user:
///
/// ```java
/// Subtree.ofListedNodes(users::names, name -> List.of(describe(users.get(name))))
/// ```
///
/// and this, a lambda, whatever path below is called, at any depth:
///
/// ```java
/// Subtree files = elements -> List.of(describe(root.resolve(String.join("/", elements))));
/// ```
///
/// Interfaces that are exported at a path by themselves go before those that a subtree gives there;
/// of several subtrees in one tree the one with the longest path is asked, and no other.
///
/// The methods are called for each call of a peer, at its turn, where handlers are run: on any
/// thread, for several peers at a time, and they may take long, as handlers may. The quicker they
/// are the better: each call is found by them. If a method throws, the caller is told that its call
/// failed.
@FunctionalInterface
public interface Subtree {

  /// The interfaces of an object; none if there is no such object.
  ///
  /// It is best to give the same interfaces again for the same object, not equal ones.
  ///
  /// @param elements of the object's path, from the one at which this subtree is exported; empty
  ///   for that one itself
  List<Interface> interfacesAt(List<String> elements);

  /// The names of the children of an object, each one element of a path, for introspection; by
  /// default none are listed.
  ///
  /// @param elements as for [#interfacesAt]
  default Collection<String> childrenOf(List<String> elements) {
    return List.of();
  }

  /// Objects one level below; only those that are listed can be called.
  ///
  /// @param names of the objects, each one element of a path; asked for at each call
  /// @param interfaces of the object of that name
  static Subtree ofListedNodes(
      Supplier<? extends Collection<String>> names,
      Function<String, ? extends List<Interface>> interfaces) {
    return new SubtreeOfNodes(
        names, name -> names.get().contains(name) ? interfaces.apply(name) : List.of());
  }

  /// Objects one level below, of which more can be called than are listed, for when there are many
  /// or listing them takes long.
  ///
  /// @param names of some of the objects, each one element of a path
  /// @param interfaces of the object of that name; none if there is no such object
  static Subtree ofNodes(
      Supplier<? extends Collection<String>> names,
      Function<String, ? extends List<Interface>> interfaces) {
    return new SubtreeOfNodes(names, interfaces);
  }
}
