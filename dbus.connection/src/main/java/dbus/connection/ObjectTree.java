package dbus.connection;

import dbus.connection.introspection.NodeInfo;
import dbus.connection.reading.Pace;
import dbus.wire.InterfaceName;
import dbus.wire.MethodCall;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The objects that peers can call: interfaces at paths, and subtrees below paths.
///
/// A connection has a tree of its own. It may have a second one behind it, shared by many
/// connections, as a server does for the objects that all its peers see; what stands in its own
/// tree goes first. Safe for use by several threads; a change holds for the next call that comes.
///
/// Where two interfaces of one name are found for one path, one is called: first those exported at
/// the path itself, own before shared; then those that the nearest subtree gives, own before
/// shared.
public final class ObjectTree {

  private final PathMap<List<Interface>> objects = new PathMap<>();
  private final PathMap<ExportedSubtree> subtrees = new PathMap<>();
  private final Optional<ObjectTree> shared;

  /// Who hears of changes of the objects here.
  private final Set<DBusConnection> audience = ConcurrentHashMap.newKeySet();

  private final Announcements announcements = new Announcements(this);

  /// An empty tree, to be shared by connections.
  public ObjectTree() {
    this.shared = Optional.empty();
  }

  /// An empty tree in front of a shared one.
  ObjectTree(ObjectTree shared) {
    this.shared = Optional.of(shared);
  }

  /// Exports interfaces at a path, beside those that are there already.
  ///
  /// @return closing it takes these interfaces away again
  /// @throws IllegalStateException if one of them is at this path already, by name
  /// @throws IllegalArgumentException if there are none, or one is given twice, or one is among the
  ///   interfaces that every object has anyway
  public Export export(ObjectPath path, Interface... interfaces) {
    List<Interface> added = List.of(interfaces);
    if (added.isEmpty()) {
      throw new IllegalArgumentException(path + ": no interface to export");
    }
    for (Interface one : added) {
      if (StandardInterfaces.find(one.name()).isPresent()) {
        throw new IllegalArgumentException(
            path + ": every object has " + one.name() + " by itself; it cannot be exported");
      }
    }
    objects.change(path, present -> merged(path, present, added));
    return new Export(path, added, this, () -> remove(path, added));
  }

  /// Exports a subtree: what is at this path and below it is made when it is asked for.
  ///
  /// @return closing it takes the subtree away again
  /// @throws IllegalStateException if there is a subtree at this path already
  public Export export(ObjectPath path, Subtree subtree) {
    ExportedSubtree added = new ExportedSubtree(path, subtree, new Pace());
    subtrees.change(
        path,
        present -> {
          if (present != null) {
            throw new IllegalStateException(path + " has a subtree already");
          }
          return added;
        });
    return new Export(
        path,
        List.of(),
        this,
        () -> subtrees.change(path, present -> added.equals(present) ? null : present));
  }

  private static List<Interface> merged(
      ObjectPath path, @Nullable List<Interface> present, List<Interface> added) {
    List<Interface> all = new ArrayList<>(present == null ? List.of() : present);
    for (Interface one : added) {
      if (all.stream().anyMatch(other -> other.name().equals(one.name()))) {
        throw new IllegalStateException(path + " has the interface " + one.name() + " already");
      }
      all.add(one);
    }
    return List.copyOf(all);
  }

  private void remove(ObjectPath path, List<Interface> interfaces) {
    objects.change(
        path,
        present -> {
          List<Interface> rest = new ArrayList<>(present == null ? List.of() : present);
          // By identity: an equal name may have been exported anew since.
          rest.removeIf(one -> interfaces.stream().anyMatch(gone -> gone == one));
          return rest.isEmpty() ? null : List.copyOf(rest);
        });
  }

  /// The interface that a call of this path and this interface means, be it exported or standard.
  Optional<Site> find(ObjectPath path, InterfaceName name) {
    Optional<Interface> standard = StandardInterfaces.find(name);
    if (standard.isPresent()) {
      return standard
          .filter(one -> StandardInterfaces.answersAt(one, this, path))
          .map(one -> new Site(one, this, Optional.empty()));
    }
    Optional<Site> explicit = findExplicit(path, name);
    return explicit.isPresent() ? explicit : findInSubtree(path, name);
  }

  private Optional<Site> findExplicit(ObjectPath path, InterfaceName name) {
    for (Interface one : explicitAt(path)) {
      if (one.name().equals(name)) {
        return Optional.of(new Site(one, this, Optional.empty()));
      }
    }
    return shared.flatMap(behind -> behind.findExplicit(path, name));
  }

  private Optional<Site> findInSubtree(ObjectPath path, InterfaceName name) {
    for (Site one : inSubtree(path)) {
      if (one.subject().name().equals(name)) {
        return Optional.of(one);
      }
    }
    return shared.flatMap(behind -> behind.findInSubtree(path, name));
  }

  /// All that is exported for that path, without the standard interfaces; of those of one name the
  /// one that would be called.
  Collection<Site> at(ObjectPath path) {
    Map<InterfaceName, Site> all = new LinkedHashMap<>();
    addExplicit(path, all);
    addFromSubtree(path, all);
    return all.values();
  }

  private void addExplicit(ObjectPath path, Map<InterfaceName, Site> all) {
    for (Interface one : explicitAt(path)) {
      all.putIfAbsent(one.name(), new Site(one, this, Optional.empty()));
    }
    shared.ifPresent(behind -> behind.addExplicit(path, all));
  }

  private void addFromSubtree(ObjectPath path, Map<InterfaceName, Site> all) {
    inSubtree(path).forEach(one -> all.putIfAbsent(one.subject().name(), one));
    shared.ifPresent(behind -> behind.addFromSubtree(path, all));
  }

  private List<Interface> explicitAt(ObjectPath path) {
    return objects.get(path).orElse(List.of());
  }

  private List<Site> inSubtree(ObjectPath path) {
    Optional<ExportedSubtree> nearest = subtrees.nearest(path);
    return nearest.isEmpty()
        ? List.of()
        : nearest.get().at(path).stream().map(one -> new Site(one, this, nearest)).toList();
  }

  /// How long it takes to find out what a call means, if the user's code has to be asked: the
  /// nearest subtree's, unless the interface is exported at the very path.
  Optional<Pace> paceOfFinding(MethodCall call) {
    Optional<ExportedSubtree> asked = nearestSubtree(call.path());
    if (asked.isEmpty() || isFoundWithoutSubtree(call)) {
      return Optional.empty();
    }
    return Optional.of(asked.get().pace());
  }

  private boolean isFoundWithoutSubtree(MethodCall call) {
    Optional<InterfaceName> name = call.interfaceName();
    return name.isPresent()
        && (name.get().equals(PeerInterface.INTERFACE.name())
            || findExplicit(call.path(), name.get()).isPresent());
  }

  private Optional<ExportedSubtree> nearestSubtree(ObjectPath path) {
    Optional<ExportedSubtree> own = subtrees.nearest(path);
    return own.isPresent() ? own : shared.flatMap(behind -> behind.nearestSubtree(path));
  }

  /// Whether what was found at a path has not been taken away since.
  boolean holds(ObjectPath path, Site site) {
    if (StandardInterfaces.find(site.subject().name()).isPresent()) {
      return true;
    }
    // A subtree may well give a new interface at each call.
    return site.subtree().isPresent()
        ? site.tree().subtrees.nearest(path).equals(site.subtree())
        : site.tree().explicitAt(path).contains(site.subject());
  }

  /// Whether something is exported for that path.
  boolean isObject(ObjectPath path) {
    return !explicitAt(path).isEmpty()
        || shared.filter(behind -> behind.isObject(path)).isPresent()
        || !inSubtree(path).isEmpty();
  }

  /// Whether something is exported for that path or below it. The root always exists: tools begin
  /// there.
  boolean exists(ObjectPath path) {
    return path.isRoot() || isObject(path) || hasChildren(path) || isSubtree(path);
  }

  private boolean hasChildren(ObjectPath path) {
    return objects.hasBelow(path)
        || subtrees.hasBelow(path)
        || subtrees.nearest(path).filter(nearest -> nearest.hasChildren(path)).isPresent()
        || shared.filter(behind -> behind.hasChildren(path)).isPresent();
  }

  private boolean isSubtree(ObjectPath path) {
    return subtrees.get(path).isPresent()
        || shared.filter(behind -> behind.isSubtree(path)).isPresent();
  }

  /// The object at that path as peers see it.
  NodeInfo describe(ObjectPath path) {
    List<Interface> interfaces = new ArrayList<>();
    Collection<Site> exported = at(path);
    if (!exported.isEmpty()) {
      interfaces.add(PropertiesInterface.INTERFACE);
    }
    interfaces.add(IntrospectableInterface.INTERFACE);
    interfaces.add(PeerInterface.INTERFACE);
    exported.forEach(site -> interfaces.add(site.subject()));
    return NodeInfo.of(
        interfaces.stream().map(Interface::info).toList(), List.copyOf(children(path)));
  }

  private SortedSet<String> children(ObjectPath path) {
    SortedSet<String> children = new TreeSet<>();
    addChildren(path, children);
    return children;
  }

  private void addChildren(ObjectPath path, SortedSet<String> children) {
    objects.addChildren(path, children);
    subtrees.addChildren(path, children);
    subtrees.nearest(path).ifPresent(nearest -> nearest.addChildren(path, children));
    shared.ifPresent(behind -> behind.addChildren(path, children));
  }

  /// Tells every connection that sees an object of this tree how properties of it have changed.
  void announce(ObjectPath path, Interface subject, Collection<Property<?>> changed) {
    announcements.announce(path, subject, changed);
  }

  /// Shows a signal of an interface of this tree to the filters of every connection that sees it
  /// here, and not one of its own instead.
  ///
  /// @return sends what they have left; these run no code of the application's
  List<Runnable> prepare(ObjectPath path, InterfaceName name, Signal signal) {
    List<Runnable> sending = new ArrayList<>();
    for (DBusConnection connection : audience) {
      if (connection.objects() == this || !connection.objects().hides(path, name)) {
        connection
            .filtered(signal)
            .ifPresent(left -> sending.add(() -> connection.postFiltered(left)));
      }
    }
    return sending;
  }

  private boolean hides(ObjectPath path, InterfaceName name) {
    return explicitAt(path).stream().anyMatch(own -> own.name().equals(name));
  }

  void join(DBusConnection connection) {
    audience.add(connection);
    shared.ifPresent(behind -> behind.join(connection));
  }

  void leave(DBusConnection connection) {
    audience.remove(connection);
    shared.ifPresent(behind -> behind.leave(connection));
  }
}
