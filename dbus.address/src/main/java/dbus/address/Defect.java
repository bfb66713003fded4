package dbus.address;

import java.util.Optional;

/// Why an address cannot be used: what is wrong with one of its keys, or what key it lacks.
///
/// @param key the key, or the empty text if it is the transport that is wrong
/// @param problem what is wrong
/// @param remedy what would be right
record Defect(String key, String problem, String remedy) {

  static Optional<Defect> of(String key, String problem, String remedy) {
    return Optional.of(new Defect(key, problem, remedy));
  }

  static Optional<Defect> unknownTransport(Address address) {
    return of(
        "",
        "transport \"" + address.transport() + "\" is unknown",
        "use unix, tcp, nonce-tcp, unixexec or systemd");
  }

  static Optional<Defect> tooLong(String key, int bytes, int most) {
    return bytes <= most
        ? Optional.empty()
        : of(
            key,
            "the socket name of key \"" + key + "\" has " + bytes + " bytes",
            "the limit is " + most + " bytes");
  }

  AddressException exception(AddressError error, Address address) {
    int position = key.isEmpty() ? 0 : KeyMap.positionOf(key, address);
    return new AddressException(error, address.toString(), position, problem, remedy);
  }
}
