package dbus.server;

import dbus.auth.FailureReason;
import java.util.Map;

/// What a server has counted since it was made, and how many peers there are now. The numbers are
/// read one after the other while the server works, so that they may not add up to the last one.
///
/// @param accepted peers that were accepted
/// @param refused peers that were refused, by reason; all reasons are there
/// @param authenticated peers that have proved who they are
/// @param authenticationFailed peers whose handshake came to nothing, by reason; those that did not
///   occur are left out
/// @param closed connections that were claimed, and have ended
/// @param acceptFailures failures of accepting itself
/// @param unfinishedHandshakes peers in their handshake now
/// @param open connections that are claimed now
/// @param users users who have a connection now, or for whom something is kept
public record ServerCounters(
    long accepted,
    Map<RefusalReason, Long> refused,
    long authenticated,
    Map<FailureReason, Long> authenticationFailed,
    long closed,
    long acceptFailures,
    int unfinishedHandshakes,
    int open,
    int users) {

  /// Makes the maps unmodifiable.
  public ServerCounters {
    refused = Map.copyOf(refused);
    authenticationFailed = Map.copyOf(authenticationFailed);
  }

  /// How many were refused for this reason.
  public long refused(RefusalReason reason) {
    return refused.getOrDefault(reason, 0L);
  }

  /// How many handshakes came to nothing for this reason.
  public long authenticationFailed(FailureReason reason) {
    return authenticationFailed.getOrDefault(reason, 0L);
  }
}
