package dbus.connection.introspection;

import static dbus.connection.introspection.InvalidIntrospectionException.MAX_DEPTH;
import static dbus.connection.introspection.InvalidIntrospectionException.MAX_LENGTH;

import dbus.connection.introspection.PropertyInfo.Access;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Signature;
import dbus.wire.Type;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Reads introspection data from XML: a method for each element of the DTD, which begins behind the
/// element's start tag and ends behind its end tag.
///
/// The reader of the JDK does what is hard about XML; it is told to know neither document types nor
/// entities, so that what remains is linear in the length of the text.
final class IntrospectionParser {

  private static final Set<String> KNOWN =
      Set.of("node", "interface", "method", "signal", "property", "arg", "annotation");

  private final XMLStreamReader xml;
  private int depth;

  private IntrospectionParser(XMLStreamReader xml) {
    this.xml = xml;
  }

  static NodeInfo parse(String text) throws InvalidIntrospectionException {
    if (text.length() > MAX_LENGTH) {
      throw new InvalidIntrospectionException(
          1, "%s characters; at most %s are read".formatted(text.length(), MAX_LENGTH));
    }
    try {
      XMLStreamReader xml =
          factory().createXMLStreamReader(new StringReader(DocumentType.mended(text)));
      return new IntrospectionParser(xml).document();
    } catch (XMLStreamException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNumber();
      throw new InvalidIntrospectionException(Math.max(line, 1), reason(e));
    } catch (MissingResourceException e) {
      // Where a document type has an invalid character, JDK 25 does not find the words for it.
      throw new InvalidIntrospectionException(1, "not well-formed: " + e.getMessage());
    }
  }

  private static XMLInputFactory factory() {
    // The JDK's own, whatever else stands on the class path.
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
    // Some services mix in elements of their own with prefixes that are declared nowhere.
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, false);
    return factory;
  }

  /// Without the position, which is told elsewhere.
  private static String reason(XMLStreamException e) {
    String message = String.valueOf(e.getMessage());
    int at = message.indexOf("\nMessage: ");
    return at < 0 ? message : message.substring(at + "\nMessage: ".length());
  }

  private NodeInfo document() throws XMLStreamException, InvalidIntrospectionException {
    int event;
    do {
      event = xml.next();
    } while (event != XMLStreamConstants.START_ELEMENT);
    if (!xml.getLocalName().equals("node")) {
      throw error("the outermost element is <%s>, not <node>".formatted(xml.getLocalName()));
    }
    NodeInfo node = node();
    while (xml.hasNext()) {
      xml.next();
    }
    return node;
  }

  private NodeInfo node() throws XMLStreamException, InvalidIntrospectionException {
    if (++depth > MAX_DEPTH) {
      throw error("more than %s nodes inside each other".formatted(MAX_DEPTH));
    }
    Optional<String> name = attribute("name");
    List<InterfaceInfo> interfaces = new ArrayList<>();
    List<NodeInfo> children = new ArrayList<>();
    Map<String, String> annotations = new LinkedHashMap<>();
    while (toChild()) {
      switch (xml.getLocalName()) {
        case "interface" -> interfaces.add(interfaceInfo());
        case "node" -> children.add(node());
        case "annotation" -> annotation(annotations);
        default -> skip("node");
      }
    }
    depth--;
    return new NodeInfo(name, interfaces, children, annotations);
  }

  private InterfaceInfo interfaceInfo() throws XMLStreamException, InvalidIntrospectionException {
    String name = required("name");
    if (!InterfaceName.isValid(name)) {
      throw error("\"%s\" is no interface name".formatted(name));
    }
    List<MethodInfo> methods = new ArrayList<>();
    List<SignalInfo> signals = new ArrayList<>();
    List<PropertyInfo> properties = new ArrayList<>();
    Map<String, String> annotations = new LinkedHashMap<>();
    while (toChild()) {
      switch (xml.getLocalName()) {
        case "method" -> methods.add(method());
        case "signal" -> signals.add(signal());
        case "property" -> properties.add(property());
        case "annotation" -> annotation(annotations);
        default -> skip("interface");
      }
    }
    return new InterfaceInfo(new InterfaceName(name), methods, signals, properties, annotations);
  }

  private MethodInfo method() throws XMLStreamException, InvalidIntrospectionException {
    MemberName name = memberName();
    List<ArgInfo> in = new ArrayList<>();
    List<ArgInfo> out = new ArrayList<>();
    Map<String, String> annotations = new LinkedHashMap<>();
    while (toChild()) {
      switch (xml.getLocalName()) {
        case "arg" -> {
          String direction = attribute("direction").orElse("in");
          switch (direction) {
            case "in" -> in.add(arg());
            case "out" -> out.add(arg());
            default -> throw error("direction \"%s\"; it is in or out".formatted(direction));
          }
        }
        case "annotation" -> annotation(annotations);
        default -> skip("method");
      }
    }
    return new MethodInfo(name, in, out, annotations);
  }

  private SignalInfo signal() throws XMLStreamException, InvalidIntrospectionException {
    MemberName name = memberName();
    List<ArgInfo> args = new ArrayList<>();
    Map<String, String> annotations = new LinkedHashMap<>();
    while (toChild()) {
      switch (xml.getLocalName()) {
        case "arg" -> {
          String direction = attribute("direction").orElse("out");
          if (!direction.equals("out")) {
            throw error("direction \"%s\"; of a signal it is out".formatted(direction));
          }
          args.add(arg());
        }
        case "annotation" -> annotation(annotations);
        default -> skip("signal");
      }
    }
    return new SignalInfo(name, args, annotations);
  }

  private PropertyInfo property() throws XMLStreamException, InvalidIntrospectionException {
    String name = required("name");
    Type type = type();
    String text = required("access");
    Access access =
        Stream.of(Access.values())
            .filter(one -> one.text().equals(text))
            .findFirst()
            .orElseThrow(
                () -> error("access \"%s\"; it is read, write or readwrite".formatted(text)));
    return new PropertyInfo(name, type, access, annotationsOnly("property"));
  }

  private ArgInfo arg() throws XMLStreamException, InvalidIntrospectionException {
    Optional<String> name = attribute("name");
    Type type = type();
    return new ArgInfo(name, type, annotationsOnly("arg"));
  }

  private Map<String, String> annotationsOnly(String parent)
      throws XMLStreamException, InvalidIntrospectionException {
    Map<String, String> annotations = new LinkedHashMap<>();
    while (toChild()) {
      if (xml.getLocalName().equals("annotation")) {
        annotation(annotations);
      } else {
        skip(parent);
      }
    }
    return annotations;
  }

  /// The first of a name counts, as in GDBus. What annotates the annotation is dropped.
  private void annotation(Map<String, String> annotations)
      throws XMLStreamException, InvalidIntrospectionException {
    annotations.putIfAbsent(required("name"), required("value"));
    pass();
  }

  private MemberName memberName() throws InvalidIntrospectionException {
    String name = required("name");
    if (!MemberName.isValid(name)) {
      throw error("\"%s\" is no name of a member".formatted(name));
    }
    return new MemberName(name);
  }

  private Type type() throws InvalidIntrospectionException {
    String text = required("type");
    if (!Signature.isValid(text) || !Signature.parse(text).isSingle()) {
      throw error("\"%s\" is not one complete type".formatted(text));
    }
    return Signature.parse(text).types().getFirst();
  }

  private Optional<String> attribute(String name) {
    return Optional.ofNullable(xml.getAttributeValue(null, name));
  }

  private String required(String name) throws InvalidIntrospectionException {
    return attribute(name)
        .orElseThrow(() -> error("<%s> has no %s".formatted(xml.getLocalName(), name)));
  }

  /// Goes to the start tag of the next child of the element whose tag was read last, or else behind
  /// its end tag.
  private boolean toChild() throws XMLStreamException, InvalidIntrospectionException {
    while (true) {
      switch (xml.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          return true;
        }
        case XMLStreamConstants.END_ELEMENT -> {
          return false;
        }
        case XMLStreamConstants.ENTITY_REFERENCE ->
            throw error("the entity \"%s\" is not known".formatted(xml.getLocalName()));
        // Text and comments are for people.
        default -> {}
      }
    }
  }

  /// Passes over an element that is not known, with all that is in it.
  private void skip(String parent) throws XMLStreamException, InvalidIntrospectionException {
    if (KNOWN.contains(xml.getLocalName())) {
      throw error("<%s> does not belong into <%s>".formatted(xml.getLocalName(), parent));
    }
    pass();
  }

  private void pass() throws XMLStreamException, InvalidIntrospectionException {
    int open = 1;
    while (open > 0) {
      open += toChild() ? 1 : -1;
    }
  }

  private InvalidIntrospectionException error(String what) {
    return new InvalidIntrospectionException(xml.getLocation().getLineNumber(), what);
  }
}
