package dbus.connection;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A future that a reply completes, or one derived from such a future. Who waits for it waits for
/// the peer: where that is a handler of the same connection, the peer may call back meanwhile, and
/// another thread reads (CONN-54).
class ReplyFuture<T> extends CompletableFuture<T> {

  private final Runnable beforeWaiting;

  /// @param beforeWaiting is run by a thread that is about to wait
  /// @throws IllegalStateException by `beforeWaiting`, where waiting could never end
  ReplyFuture(Runnable beforeWaiting) {
    this.beforeWaiting = beforeWaiting;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new ReplyFuture<>(beforeWaiting);
  }

  private void aboutToWait() {
    if (!isDone()) {
      beforeWaiting.run();
    }
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    aboutToWait();
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    aboutToWait();
    return super.get(timeout, unit);
  }

  @Override
  public T join() {
    aboutToWait();
    return super.join();
  }
}
