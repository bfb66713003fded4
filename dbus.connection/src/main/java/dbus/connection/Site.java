package dbus.connection;

import java.util.Optional;

/// An interface found at a path, and where it was found.
///
/// @param tree the one that it stands in, own or shared
/// @param subtree what gives it, unless it was exported at this very path
record Site(Interface subject, ObjectTree tree, Optional<ExportedSubtree> subtree) {}
