package dbus.fuzz;

import static dbus.connection.Argument.in;
import static dbus.connection.Argument.out;
import static dbus.connection.UnixFd.UNIX_FD;
import static dbus.wire.Codec.BYTES;
import static dbus.wire.Codec.STRING;
import static dbus.wire.Codec.UINT32;
import static dbus.wire.Codec.VARIANT;
import static dbus.wire.Codec.mapOf;

import dbus.connection.Interface;
import dbus.connection.ObjectTree;
import dbus.connection.Subtree;
import dbus.connection.UnixFd;
import dbus.wire.ObjectPath;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// The objects of a server that a fuzzed peer calls: methods of every kind, properties, a subtree.
final class FuzzedObjects {

  static final String PATH = "/o";

  static final String NAME = "a.b";

  private final ObjectTree tree = new ObjectTree();
  private final AtomicLong number = new AtomicLong();
  private final Queue<CompletableFuture<String>> unanswered = new ConcurrentLinkedQueue<>();

  FuzzedObjects() {
    Interface described =
        Interface.named(NAME)
            .method("Echo", in("a", VARIANT), out("b", VARIANT), value -> value)
            .method("Size", in("a", BYTES), out("b", UINT32), bytes -> (long) bytes.length)
            .method(
                "Keys", in("a", mapOf(STRING, VARIANT)), out("b", UINT32), map -> (long) map.size())
            .method("Same", in("a", UNIX_FD), out("b", UNIX_FD), UnixFd::take)
            .method("Drop", in("a", UNIX_FD), fd -> {})
            .method(
                "Fail",
                () -> {
                  throw new IllegalStateException("as it was told to");
                })
            .methodAsync("Wait", out("a", STRING), this::unanswered)
            .method("Go", this::answerAll)
            .signal("Changed", out("a", STRING))
            .property("Number", UINT32, number::get, number::set)
            .property("Text", STRING, () -> "text")
            .build();
    var _ = tree.export(new ObjectPath(PATH), described);
    var _ =
        tree.export(
            new ObjectPath("/t"),
            Subtree.ofListedNodes(() -> List.of("x"), name -> List.of(described)));
  }

  ObjectTree tree() {
    return tree;
  }

  /// A signal has come that was asked for.
  void heard() {
    number.incrementAndGet();
  }

  private CompletableFuture<String> unanswered() {
    CompletableFuture<String> later = new CompletableFuture<>();
    unanswered.add(later);
    return later;
  }

  /// Answers the calls that wait.
  void answerAll() {
    for (CompletableFuture<String> next = unanswered.poll();
        next != null;
        next = unanswered.poll()) {
      next.complete("late");
    }
  }
}
