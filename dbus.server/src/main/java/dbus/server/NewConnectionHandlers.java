package dbus.server;

import dbus.connection.DBusConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Shows a new connection to those who want to see it, in the order in which they were given, until
/// one claims it.
///
/// @param executor where they run; null means on the thread that reads from the peer
record NewConnectionHandlers(List<Handler> handlers, @Nullable Executor executor) {

  /// Is shown a connection.
  sealed interface Handler {

    /// Only looks at it, or prepares it.
    record Shown(Consumer<DBusConnection> handler) implements Handler {}

    /// Says whether it is wanted.
    record Claiming(Predicate<DBusConnection> handler) implements Handler {}
  }

  NewConnectionHandlers {
    handlers = List.copyOf(handlers);
  }

  /// By the thread that reads. Waits for all handlers to return, or for the end of the connection.
  ///
  /// @return whether it is claimed, which it is if nobody could have claimed it
  /// @throws RuntimeException what a handler has thrown, or the executor
  boolean claim(DBusConnection connection) {
    if (executor == null || handlers.isEmpty()) {
      return ask(connection);
    }
    CompletableFuture<Boolean> answer =
        CompletableFuture.supplyAsync(() -> ask(connection), executor);
    // An executor may be slow, or never get to it.
    var _ = connection.closed().thenRun(() -> answer.complete(false));
    try {
      return answer.join();
    } catch (CompletionException e) {
      throw new IllegalStateException("a handler of new connections failed", e.getCause());
    }
  }

  private boolean ask(DBusConnection connection) {
    boolean nobodyClaims = true;
    for (Handler handler : handlers) {
      switch (handler) {
        case Handler.Shown(var shown) -> shown.accept(connection);
        case Handler.Claiming(var claiming) -> {
          if (claiming.test(connection)) {
            return true;
          }
          nobodyClaims = false;
        }
      }
    }
    return nobodyClaims;
  }
}
