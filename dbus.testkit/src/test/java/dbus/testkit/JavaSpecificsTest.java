package dbus.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.auth.Payload;
import dbus.wire.Body;
import dbus.wire.Codec;
import dbus.wire.ErrorMessage;
import dbus.wire.ErrorName;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.MethodCall;
import dbus.wire.MethodReturn;
import dbus.wire.ObjectPath;
import dbus.wire.Signal;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What Java makes easy, and a peer must not be able to reach: looked for in the classes
/// themselves.
@DisplayName("SEC-37: of Java's own dangers")
class JavaSpecificsTest {
  /// Serialization, reflection, and loading of classes.
  private static final Set<String> FORBIDDEN_CLASSES =
      Set.of(
          "java/io/ObjectInputStream",
          "java/io/ObjectOutputStream",
          "java/io/ObjectInputFilter",
          "java/io/Externalizable",
          "java/beans/XMLDecoder",
          "java/lang/ClassLoader",
          "java/net/URLClassLoader",
          "java/lang/reflect/Method",
          "java/lang/reflect/Constructor",
          "java/lang/reflect/Proxy",
          "java/lang/reflect/AccessibleObject",
          "java/util/ResourceBundle",
          "javax/script/ScriptEngineManager",
          "javax/naming/InitialContext");

  private static final Set<String> FORBIDDEN_METHODS =
      Set.of(
          "java/lang/Class.forName",
          "java/lang/Class.getMethod",
          "java/lang/Class.getMethods",
          "java/lang/Class.getDeclaredMethod",
          "java/lang/Class.getDeclaredMethods",
          "java/lang/Class.getField",
          "java/lang/Class.getDeclaredField",
          "java/lang/Class.getConstructor",
          "java/lang/Class.getDeclaredConstructor",
          "java/lang/invoke/MethodHandles$Lookup.findClass",
          "java/lang/invoke/MethodHandles$Lookup.findVirtual",
          "java/lang/invoke/MethodHandles$Lookup.defineClass");

  @ParameterizedTest
  @ValueSource(
      strings = {"dbus.address", "dbus.wire", "dbus.auth", "dbus.connection", "dbus.server"})
  @DisplayName("no class serializes, reflects, or loads another by its name")
  void classes(String module) throws IOException {
    Set<String> found = new TreeSet<>();
    List<ClassModel> classes = classesOf(module);
    assertTrue(classes.size() > 20, () -> classes.size() + " classes");
    for (ClassModel one : classes) {
      for (PoolEntry entry : one.constantPool()) {
        String what = forbidden(entry);
        if (!what.isEmpty()) {
          found.add(one.thisClass().asInternalName() + " uses " + what);
        }
      }
    }
    assertEquals(Set.of(), found);
  }

  /// What an entry of a class's constants names, if it is forbidden.
  private static String forbidden(PoolEntry entry) {
    return switch (entry) {
      case ClassEntry type when FORBIDDEN_CLASSES.contains(type.asInternalName()) ->
          type.asInternalName();
      case MemberRefEntry member when FORBIDDEN_METHODS.contains(name(member)) -> name(member);
      default -> "";
    };
  }

  private static String name(MemberRefEntry member) {
    return member.owner().asInternalName() + "." + member.name().stringValue();
  }

  private static List<ClassModel> classesOf(String module) throws IOException {
    ModuleReference reference =
        ModuleLayer.boot().configuration().findModule(module).orElseThrow().reference();
    List<ClassModel> classes = new ArrayList<>();
    try (ModuleReader reader = reference.open()) {
      List<String> names = reader.list().filter(name -> name.endsWith(".class")).toList();
      for (String name : names) {
        try (InputStream in = reader.open(name).orElseThrow()) {
          classes.add(ClassFile.of().parse(in.readAllBytes()));
        }
      }
    }
    return classes;
  }

  @Test
  @DisplayName("what a program may log of a message or a handshake shows no argument and no secret")
  void texts() {
    String secret = "s3cr3t";
    Body body = Body.of(Codec.STRING, secret);
    MethodCall call =
        MethodCall.of(new ObjectPath("/a"), new MemberName("M")).withBody(body).withSerial(1);
    for (Object shown :
        List.of(
            body,
            call,
            MethodReturn.to(call).withBody(body),
            ErrorMessage.to(call, ErrorName.FAILED, secret),
            Signal.of(new ObjectPath("/a"), new InterfaceName("a.b"), new MemberName("M"))
                .withBody(body),
            Payload.ofText(secret))) {
      assertTrue(!shown.toString().contains(secret), shown::toString);
      assertTrue(
          !shown.toString().contains(HexFormat.of().formatHex(secret.getBytes(US_ASCII))),
          shown::toString);
    }
  }
}
