package dbus.server;

import java.util.List;
import java.util.Map;

/// What JMX shows of a server: where it is in its life, and its [ServerCounters]. See
/// [DBusServerBuilder#jmx()].
public interface ServerMXBean {

  /// The name of its [ServerState].
  String getState();

  /// What clients connect to.
  List<String> getClientAddresses();

  /// As [ServerCounters#accepted()].
  long getAccepted();

  /// As [ServerCounters#refused()].
  Map<String, Long> getRefused();

  /// As [ServerCounters#authenticated()].
  long getAuthenticated();

  /// As [ServerCounters#authenticationFailed()].
  Map<String, Long> getAuthenticationFailed();

  /// As [ServerCounters#closed()].
  long getClosed();

  /// As [ServerCounters#acceptFailures()].
  long getAcceptFailures();

  /// As [ServerCounters#unfinishedHandshakes()].
  int getUnfinishedHandshakes();

  /// As [ServerCounters#open()].
  int getOpen();

  /// As [ServerCounters#users()].
  int getUsers();
}
