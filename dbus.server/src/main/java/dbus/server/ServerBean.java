package dbus.server;

import dbus.address.Address;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/// A server as JMX sees it, from its making to its end.
final class ServerBean implements ServerMXBean, AutoCloseable {

  private static final Logger LOG = System.getLogger(ServerBean.class.getName());

  private final DBusServer server;
  private final ObjectName name;

  private ServerBean(DBusServer server, ObjectName name) {
    this.server = server;
    this.name = name;
  }

  /// Shows a server.
  ///
  /// @throws IllegalStateException if it cannot be shown, as where another has the same guid
  static ServerBean show(DBusServer server) {
    try {
      ObjectName name = new ObjectName("dbus.server:type=DBusServer,guid=" + server.guid());
      ServerBean bean = new ServerBean(server, name);
      beans().registerMBean(bean, name);
      return bean;
    } catch (JMException e) {
      throw new IllegalStateException("JMX cannot show the server " + server.guid(), e);
    }
  }

  private static MBeanServer beans() {
    return ManagementFactory.getPlatformMBeanServer();
  }

  /// Shows it no more.
  @Override
  public void close() {
    try {
      beans().unregisterMBean(name);
    } catch (JMException e) {
      LOG.log(Level.DEBUG, "JMX does not show the server any more", e);
    }
  }

  @Override
  public String getState() {
    return server.state().name();
  }

  @Override
  public List<String> getClientAddresses() {
    return server.clientAddresses().stream().map(Address::toString).toList();
  }

  @Override
  public long getAccepted() {
    return server.counters().accepted();
  }

  @Override
  public Map<String, Long> getRefused() {
    return byName(server.counters().refused());
  }

  @Override
  public long getAuthenticated() {
    return server.counters().authenticated();
  }

  @Override
  public Map<String, Long> getAuthenticationFailed() {
    return byName(server.counters().authenticationFailed());
  }

  private static <K extends Enum<K>> Map<String, Long> byName(Map<K, Long> counts) {
    return counts.entrySet().stream()
        .collect(Collectors.toMap(entry -> entry.getKey().name(), Map.Entry::getValue));
  }

  @Override
  public long getClosed() {
    return server.counters().closed();
  }

  @Override
  public long getAcceptFailures() {
    return server.counters().acceptFailures();
  }

  @Override
  public int getUnfinishedHandshakes() {
    return server.counters().unfinishedHandshakes();
  }

  @Override
  public int getOpen() {
    return server.counters().open();
  }

  @Override
  public int getUsers() {
    return server.counters().users();
  }
}
