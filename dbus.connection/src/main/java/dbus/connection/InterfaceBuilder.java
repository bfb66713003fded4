package dbus.connection;

import dbus.connection.Argument.In;
import dbus.connection.Argument.Out;
import dbus.connection.introspection.Annotations;
import dbus.connection.introspection.ArgInfo;
import dbus.connection.introspection.EmitsChanged;
import dbus.connection.introspection.InterfaceInfo;
import dbus.connection.introspection.MethodInfo;
import dbus.connection.introspection.PropertyInfo;
import dbus.connection.introspection.SignalInfo;
import dbus.connection.reading.Pace;
import dbus.connection.threads.LimitedLog;
import dbus.wire.Body;
import dbus.wire.Codec;
import dbus.wire.InterfaceName;
import dbus.wire.MemberName;
import dbus.wire.Signature;
import dbus.wire.WireReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Describes an [Interface], member by member, in the order in which peers will see them.
///
/// Typed methods take up to three arguments and return at most one; for more, and for answers that
/// come later, there is [#method(String, List, List, Handler)]. A name that is not a valid member
/// name, or that is taken, is an [IllegalArgumentException] at once.
public final class InterfaceBuilder {

  private static final LimitedLog LOG = LimitedLog.of(InterfaceBuilder.class);

  private final InterfaceName name;
  private final Map<MemberName, Interface.Method> methods = new LinkedHashMap<>();
  private final Map<MemberName, SignalInfo> signals = new LinkedHashMap<>();
  private final Map<String, Property<?>> properties = new LinkedHashMap<>();
  private final Map<String, String> annotations = new LinkedHashMap<>();
  private Optional<Authorizer> authorizer = Optional.empty();
  private boolean concurrent;

  InterfaceBuilder(InterfaceName name) {
    this.name = name;
  }

  /// A method that answers through its [Invocation]: any arguments, any reply, at any time.
  public InterfaceBuilder method(String name, List<In<?>> in, List<Out<?>> out, Handler handler) {
    List<ArgInfo> inInfo = in.stream().map(Argument::info).toList();
    List<ArgInfo> outInfo = out.stream().map(Argument::info).toList();
    return add(new MethodInfo(new MemberName(name), inInfo, outInfo, Map.of()), handler);
  }

  /// A method that takes nothing and returns nothing.
  public InterfaceBuilder method(String name, Handler.Action0 handler) {
    return method(
        name,
        List.of(),
        List.of(),
        call -> {
          handler.handle();
          call.reply();
        });
  }

  /// A method that takes nothing and returns a value.
  public <R> InterfaceBuilder method(String name, Out<R> out, Handler.Function0<R> handler) {
    return method(name, List.of(), List.of(out), call -> answer(call, out, handler.handle()));
  }

  /// A method that takes one value and returns nothing.
  public <A> InterfaceBuilder method(String name, In<A> a, Handler.Action1<A> handler) {
    return method(
        name,
        List.of(a),
        List.of(),
        call -> {
          handler.handle(PeersValue.read(call, a, call.reader()));
          call.reply();
        });
  }

  /// A method that takes one value and returns one.
  public <A, R> InterfaceBuilder method(
      String name, In<A> a, Out<R> out, Handler.Function1<A, R> handler) {
    return method(
        name,
        List.of(a),
        List.of(out),
        call -> answer(call, out, handler.handle(PeersValue.read(call, a, call.reader()))));
  }

  /// A method that takes two values and returns nothing.
  public <A, B> InterfaceBuilder method(
      String name, In<A> a, In<B> b, Handler.Action2<A, B> handler) {
    return method(
        name,
        List.of(a, b),
        List.of(),
        call -> {
          WireReader in = call.reader();
          handler.handle(PeersValue.read(call, a, in), PeersValue.read(call, b, in));
          call.reply();
        });
  }

  /// A method that takes two values and returns one.
  public <A, B, R> InterfaceBuilder method(
      String name, In<A> a, In<B> b, Out<R> out, Handler.Function2<A, B, R> handler) {
    return method(
        name,
        List.of(a, b),
        List.of(out),
        call -> {
          WireReader in = call.reader();
          answer(
              call,
              out,
              handler.handle(PeersValue.read(call, a, in), PeersValue.read(call, b, in)));
        });
  }

  /// A method that takes three values and returns nothing.
  public <A, B, C> InterfaceBuilder method(
      String name, In<A> a, In<B> b, In<C> c, Handler.Action3<A, B, C> handler) {
    return method(
        name,
        List.of(a, b, c),
        List.of(),
        call -> {
          WireReader in = call.reader();
          handler.handle(
              PeersValue.read(call, a, in),
              PeersValue.read(call, b, in),
              PeersValue.read(call, c, in));
          call.reply();
        });
  }

  /// A method that takes three values and returns one.
  public <A, B, C, R> InterfaceBuilder method(
      String name, In<A> a, In<B> b, In<C> c, Out<R> out, Handler.Function3<A, B, C, R> handler) {
    return method(
        name,
        List.of(a, b, c),
        List.of(out),
        call -> {
          WireReader in = call.reader();
          R result =
              handler.handle(
                  PeersValue.read(call, a, in),
                  PeersValue.read(call, b, in),
                  PeersValue.read(call, c, in));
          answer(call, out, result);
        });
  }

  /// A method that takes nothing, and returns its value when the future has it; no thread waits
  /// meanwhile. A future that fails is answered as if the handler had thrown its exception.
  public <R> InterfaceBuilder methodAsync(
      String name, Out<R> out, Handler.Function0<? extends CompletionStage<R>> handler) {
    return method(name, List.of(), List.of(out), call -> answerLater(call, out, handler.handle()));
  }

  /// A method that takes one value, and returns its own when the future has it.
  public <A, R> InterfaceBuilder methodAsync(
      String name,
      In<A> a,
      Out<R> out,
      Handler.Function1<A, ? extends CompletionStage<R>> handler) {
    return method(
        name,
        List.of(a),
        List.of(out),
        call -> answerLater(call, out, handler.handle(PeersValue.read(call, a, call.reader()))));
  }

  /// A method that takes two values, and returns its own when the future has it.
  public <A, B, R> InterfaceBuilder methodAsync(
      String name,
      In<A> a,
      In<B> b,
      Out<R> out,
      Handler.Function2<A, B, ? extends CompletionStage<R>> handler) {
    return method(
        name,
        List.of(a, b),
        List.of(out),
        call -> {
          WireReader in = call.reader();
          answerLater(
              call,
              out,
              handler.handle(PeersValue.read(call, a, in), PeersValue.read(call, b, in)));
        });
  }

  /// Annotates a method that is described already, such as with [Annotations#DEPRECATED], or with
  /// [Annotations#NO_REPLY] where callers should not wait: those that do are still answered.
  ///
  /// @throws IllegalArgumentException if there is no such method, or it has the annotation already,
  ///   or [Annotations#NO_REPLY] is given to one that returns something
  public InterfaceBuilder annotateMethod(String name, String annotation, String value) {
    Interface.Method method = methods.get(new MemberName(name));
    if (method == null) {
      throw new IllegalArgumentException(
          "interface %s: no method \"%s\"".formatted(this.name, name));
    }
    if (annotation.equals(Annotations.NO_REPLY) && !method.out().isEmpty()) {
      throw new IllegalArgumentException(
          "interface %s: method \"%s\" returns something".formatted(this.name, name));
    }
    Map<String, String> all = new LinkedHashMap<>(method.info().annotations());
    unique(all.put(annotation, value), "annotation", annotation);
    MethodInfo info =
        new MethodInfo(method.info().name(), method.info().in(), method.info().out(), all);
    methods.put(
        info.name(),
        new Interface.Method(
            info, method.in(), method.out(), method.handler(), method.pace(), method.concurrent()));
    return this;
  }

  /// Lets a method that is described already run beside others: its handler still begins in its
  /// turn, and once it has begun, the calls and signals behind it do not wait for it. That is for
  /// methods that take long, or wait, and whose handler is prepared to run several at a time.
  ///
  /// @throws IllegalArgumentException if there is no such method
  public InterfaceBuilder concurrent(String method) {
    MemberName member = new MemberName(method);
    if (methods.computeIfPresent(member, (same, one) -> one.asConcurrent()) == null) {
      throw new IllegalArgumentException(
          "interface %s: no method \"%s\"".formatted(this.name, method));
    }
    return this;
  }

  /// Lets all methods run beside others, also those described later; see [#concurrent(String)]. The
  /// properties stay in order.
  public InterfaceBuilder concurrent() {
    this.concurrent = true;
    return this;
  }

  /// A signal that this interface may emit.
  public InterfaceBuilder signal(String name, Out<?>... args) {
    MemberName member = new MemberName(name);
    List<ArgInfo> infos = List.of(args).stream().<ArgInfo>map(Argument::info).toList();
    unique(signals.put(member, new SignalInfo(member, infos, Map.of())), "signal", name);
    return this;
  }

  /// A property that peers may read.
  public <T> InterfaceBuilder property(String name, Codec<T> codec, Property.Getter<T> getter) {
    return property(Property.readOnly(name, codec, getter));
  }

  /// A property that peers may read and set.
  public <T> InterfaceBuilder property(
      String name, Codec<T> codec, Property.Getter<T> getter, Property.Setter<T> setter) {
    return property(Property.readWrite(name, codec, getter, setter));
  }

  /// A property with all that there is to say of it.
  public InterfaceBuilder property(Property<?> property) {
    unique(properties.put(property.name(), property), "property", property.name());
    return this;
  }

  /// An annotation of the interface as a whole.
  public InterfaceBuilder annotation(String name, String value) {
    unique(annotations.put(name, value), "annotation", name);
    return this;
  }

  /// What the peers are told when a property of this interface changes, for all properties that
  /// have no rule of their own; by default [EmitsChanged#TRUE].
  public InterfaceBuilder emits(EmitsChanged rule) {
    return annotation(Annotations.EMITS_CHANGED, rule.text());
  }

  /// Who decides whether a call of a method of this interface may go to its handler; by default
  /// nobody is asked. It holds for all methods, also those described before.
  public InterfaceBuilder authorizer(Authorizer authorizer) {
    this.authorizer = Optional.of(authorizer);
    return this;
  }

  /// The interface as described so far.
  public Interface build() {
    List<MethodInfo> methodInfos = methods.values().stream().map(Interface.Method::info).toList();
    List<PropertyInfo> propertyInfos =
        properties.values().stream().<PropertyInfo>map(Property::info).toList();
    InterfaceInfo info =
        new InterfaceInfo(
            name, methodInfos, List.copyOf(signals.values()), propertyInfos, annotations);
    Map<String, Interface.DeclaredSignal> declared = new LinkedHashMap<>();
    signals.forEach((member, signal) ->
        declared.put(
            member.value(), new Interface.DeclaredSignal(member, signatureOf(signal.args()))));
    Map<MemberName, Interface.Method> guarded = new LinkedHashMap<>(methods);
    if (concurrent) {
      guarded.replaceAll((member, method) -> method.asConcurrent());
    }
    authorizer.ifPresent(one -> guarded.replaceAll((member, method) -> method.guardedBy(one)));
    return new Interface(info, guarded, declared, new LinkedHashMap<>(properties));
  }

  private InterfaceBuilder add(MethodInfo info, Handler handler) {
    Interface.Method method =
        new Interface.Method(
            info, signatureOf(info.in()), signatureOf(info.out()), handler, new Pace(), false);
    unique(methods.put(info.name(), method), "method", info.name().value());
    return this;
  }

  private static Signature signatureOf(List<ArgInfo> args) {
    return Signature.parse(
        args.stream().map(arg -> arg.type().toString()).collect(Collectors.joining()));
  }

  private static <R> void answer(Invocation call, Out<R> out, @Nullable R result) {
    if (result == null) {
      throw new NullPointerException(
          "%s returned null, and not the \"%s\" that it declares"
              .formatted(call, call.declaredOut()));
    }
    call.reply(Body.write(call.declaredOut(), writer -> out.codec().write(writer, result)));
  }

  private static <R> void answerLater(
      Invocation call, Out<R> out, @Nullable CompletionStage<R> result) {
    if (result == null) {
      throw new NullPointerException(call + " returned null, and no future of its answer");
    }
    var _ =
        result.whenComplete((value, failure) -> {
          try {
            if (failure == null) {
              answer(call, out, value);
            } else {
              Throwable cause = failure.getCause();
              // A stage wraps what the stage before it has failed with.
              fail(call, failure instanceof CompletionException && cause != null ? cause : failure);
            }
          } catch (RuntimeException cannotBeSent) {
            fail(call, cannotBeSent);
          }
        });
  }

  /// What the application throws on purpose is an answer; anything else may be a bug of its own.
  private static void fail(Invocation call, Throwable failure) {
    if (!(failure instanceof DBusErrorException)) {
      LOG.warning(call + " failed", failure);
    }
    call.fail(failure);
  }

  private void unique(@Nullable Object before, String kind, String member) {
    if (before != null) {
      throw new IllegalArgumentException(
          "interface " + name + ": " + kind + " \"" + member + "\" is described twice");
    }
  }
}
