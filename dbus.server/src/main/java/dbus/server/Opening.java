package dbus.server;

import dbus.address.Address;
import dbus.address.AddressException;
import dbus.address.AddressList;
import dbus.address.Guid;
import dbus.server.listening.Binder;
import dbus.server.listening.ListenOptions;
import dbus.server.listening.Listener;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

/// Binds all the places of a server, or none.
final class Opening {

  private static final Logger LOG = System.getLogger(Opening.class.getName());

  private final List<Place> places;
  private final Guid guid;
  private final Binder binder;

  private final List<Listener> listeners = new ArrayList<>();

  /// Those of them that are closed if another place fails. Channels that were given are not.
  private final List<Listener> made = new ArrayList<>();

  /// Why addresses did not work, of places where another one did.
  private final List<ListenFailure> passedOver = new ArrayList<>();

  /// @param guid of the first place
  Opening(List<Place> places, Guid guid, ListenOptions options) {
    this.places = List.copyOf(places);
    this.guid = guid;
    this.binder = new Binder(options);
  }

  /// In the order of the places.
  List<Listener> listeners() {
    return listeners;
  }

  List<ListenFailure> passedOver() {
    return passedOver;
  }

  /// @throws ListenException if a place cannot be bound
  /// @throws AddressException if one of them is not an address to listen on
  Opening open() throws ListenException {
    // All of them first: a mistake in the last is found before the first socket is made.
    for (Place place : places) {
      if (place instanceof Place.Listed(AddressList addresses)) {
        addresses.forEach(Binder::check);
      }
    }
    try {
      for (Place place : places) {
        listeners.addAll(bind(place, listeners.isEmpty() ? guid : Guid.random()));
      }
      return this;
    } catch (IOException | RuntimeException | Error e) {
      undo();
      throw e;
    }
  }

  /// Takes back what was bound; channels that were given are still the caller's.
  void undo() {
    made.forEach(Listener::close);
  }

  private List<Listener> bind(Place place, Guid guid) throws ListenException {
    return switch (place) {
      case Place.Listed(AddressList addresses) -> {
        List<Listener> bound = firstOf(addresses, guid);
        made.addAll(bound);
        yield bound;
      }
      case Place.Given(ServerSocketChannel channel) -> List.of(adopt(channel, guid));
    };
  }

  private List<Listener> firstOf(AddressList addresses, Guid guid) throws ListenException {
    List<ListenFailure> failures = new ArrayList<>();
    for (Address address : addresses) {
      try {
        List<Listener> bound = binder.bind(address, guid);
        passedOver.addAll(failures);
        failures.forEach(failure -> LOG.log(Level.INFO, "passed over: {0}", failure));
        return bound;
      } catch (IOException | AddressException e) {
        failures.add(ListenFailure.of(address, e));
      }
    }
    throw ListenException.of(failures);
  }

  private Listener adopt(ServerSocketChannel channel, Guid guid) throws ListenException {
    try {
      return binder.adopt(channel, guid);
    } catch (IOException | AddressException | IllegalBlockingModeException e) {
      throw ListenException.ofChannel(channel, e);
    }
  }
}
