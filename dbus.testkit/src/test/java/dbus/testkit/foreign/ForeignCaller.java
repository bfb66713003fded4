package dbus.testkit.foreign;

import dbus.testkit.foreign.ForeignProgram.Outcome;
import dbus.testkit.interop.InteropService;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/// A client written by others that makes one call and prints the answer: how it is run, and what it
/// can do at all.
enum ForeignCaller {
  DBUS_SEND("dbus-send", Kind.LIBDBUS) {
    @Override
    ForeignProgram program(Path home) {
      return ForeignProgram.named("dbus-send");
    }

    @Override
    String[] arguments(String address, String mechanism) {
      return new String[] {"--peer=" + address, "--print-reply", OBJECT, INTERFACE + ".WhoAmI"};
    }
  },

  GDBUS_CALL("gdbus call", Kind.GDBUS) {
    @Override
    ForeignProgram program(Path home) {
      return ForeignProgram.named("gdbus");
    }

    @Override
    String[] arguments(String address, String mechanism) {
      return new String[] {
        "call",
        "--address",
        address,
        "--dest",
        ":1.0",
        "--object-path",
        OBJECT,
        "--method",
        INTERFACE + ".WhoAmI"
      };
    }
  },

  GDBUS_INTROSPECT("gdbus introspect", Kind.GDBUS) {
    @Override
    ForeignProgram program(Path home) {
      return ForeignProgram.named("gdbus");
    }

    @Override
    String[] arguments(String address, String mechanism) {
      return new String[] {
        "introspect", "--address", address, "--dest", ":1.0", "--object-path", OBJECT
      };
    }

    @Override
    boolean isRight(String out, String mechanism) {
      return out.contains("interface " + INTERFACE) && out.contains("WhoAmI(");
    }
  },

  BUSCTL_CALL("busctl call", Kind.BUSCTL) {
    @Override
    ForeignProgram program(Path home) {
      return ForeignProgram.named("busctl");
    }

    @Override
    String[] arguments(String address, String mechanism) {
      return new String[] {"--address=" + address, "call", ":1.0", OBJECT, INTERFACE, "WhoAmI"};
    }
  },

  BUSCTL_INTROSPECT("busctl introspect", Kind.BUSCTL) {
    @Override
    ForeignProgram program(Path home) {
      return ForeignProgram.named("busctl");
    }

    @Override
    String[] arguments(String address, String mechanism) {
      return new String[] {"--address=" + address, "introspect", ":1.0", OBJECT};
    }

    @Override
    boolean isRight(String out, String mechanism) {
      return out.contains(INTERFACE) && out.contains(".WhoAmI");
    }
  },

  PYTHON_DBUS("python3-dbus", Kind.LIBDBUS) {
    @Override
    ForeignProgram program(Path home) throws Exception {
      return ForeignProgram.python("dbus", "libdbus_who.py", home);
    }
  },

  PYTHON_GI("python3-gi", Kind.GDBUS) {
    @Override
    ForeignProgram program(Path home) throws Exception {
      return ForeignProgram.python("gi.repository.Gio", "gdbus_who.py", home);
    }
  },

  SD_BUS("sd-bus in C", Kind.SD_BUS) {
    @Override
    ForeignProgram program(Path home) throws Exception {
      return ForeignProgram.compiled("sdbus_who.c", "libsystemd", home);
    }

    @Override
    String[] arguments(String address, String mechanism) {
      return new String[] {address, mechanism};
    }
  };

  private static final String OBJECT = InteropService.PATH.toString();
  private static final String INTERFACE = "dbus.testkit.Interop1";

  /// What a client can do, by the library that it is made with.
  private enum Kind {
    LIBDBUS,
    GDBUS,
    /// It knows neither DBUS_COOKIE_SHA1 nor nonce-tcp.
    SD_BUS,
    /// Made with sd-bus, and has no option to be anonymous: so nothing is left to it but EXTERNAL,
    /// which does not work over tcp.
    BUSCTL;

    boolean knows(String mechanism) {
      return switch (this) {
        case LIBDBUS, GDBUS -> true;
        case SD_BUS -> !mechanism.equals("DBUS_COOKIE_SHA1");
        case BUSCTL -> mechanism.equals("EXTERNAL");
      };
    }

    boolean knowsTransportOf(String address) {
      return this == LIBDBUS || this == GDBUS || !address.startsWith("nonce-tcp:");
    }
  }

  private final String title;
  private final Kind kind;

  ForeignCaller(String title, Kind kind) {
    this.title = title;
    this.kind = kind;
  }

  /// Those that can come to a server at an address, by a mechanism.
  static Set<ForeignCaller> of(String address, String mechanism) {
    Set<ForeignCaller> able = EnumSet.allOf(ForeignCaller.class);
    able.removeIf(it -> !it.kind.knowsTransportOf(address) || !it.kind.knows(mechanism));
    return able;
  }

  abstract ForeignProgram program(Path home) throws Exception;

  String[] arguments(String address, String mechanism) {
    return new String[] {address};
  }

  /// Whether it has printed what it should, once it was let in by a mechanism.
  boolean isRight(String out, String mechanism) {
    return out.contains(mechanism);
  }

  /// Runs it to its end.
  ///
  /// @param home of its user, where the keyring is; what it is made of is put there, too
  Outcome run(String address, String mechanism, Path home) throws Exception {
    return program(home)
        .with("HOME", home.toString())
        .with("G_DBUS_COOKIE_SHA1_KEYRING_DIR", home.resolve(".dbus-keyrings").toString())
        .run(arguments(address, mechanism));
  }

  @Override
  public String toString() {
    return title;
  }
}
