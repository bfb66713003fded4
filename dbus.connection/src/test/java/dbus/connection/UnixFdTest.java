package dbus.connection;

import static dbus.connection.UnixFd.UNIX_FD;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dbus.connection.descriptor.Descriptors;
import dbus.wire.Body;
import dbus.wire.Codec;
import dbus.wire.UnixFds;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXSocketPair;

/// A file descriptor and its one owner.
class UnixFdTest {

  @Test
  void whatIsWrittenToAPipeIsReadFromIt() throws Exception {
    UnixFd.Pipe pipe = UnixFd.pipe();
    try (FileInputStream in = pipe.reader().inputStream()) {
      try (FileOutputStream out = pipe.writer().outputStream()) {
        out.write("hello".getBytes(UTF_8));
      }
      assertFalse(pipe.writer().isOpen());
      assertEquals("hello", new String(in.readAllBytes(), UTF_8));
    }
    assertFalse(pipe.reader().isOpen());
  }

  @Test
  void streamsHaveChannels() throws Exception {
    UnixFd.Pipe pipe = UnixFd.pipe();
    try (FileChannel in = pipe.reader().inputStream().getChannel();
        FileChannel out = pipe.writer().outputStream().getChannel()) {
      out.write(ByteBuffer.wrap(new byte[] {7}));
      ByteBuffer got = ByteBuffer.allocate(8);
      assertEquals(1, in.read(got));
      assertEquals(7, got.get(0));
    }
    assertFalse(pipe.reader().isOpen() || pipe.writer().isOpen());
  }

  @Test
  void aFileOfJavaIsTakenOver(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "content");
    try (UnixFd fd = UnixFd.of(new FileInputStream(file.toFile()).getFD())) {
      assertEquals("content", new String(fd.inputStream().readAllBytes(), UTF_8));
    }
  }

  private static List<UnixFd> socketPair() throws Exception {
    var pair = AFUNIXSocketPair.open();
    return Descriptors.adopt(
            pair.getSocket1().getFileDescriptor(), pair.getSocket2().getFileDescriptor())
        .stream()
        .map(UnixFd::of)
        .toList();
  }

  @Test
  void socketsOfAPairAreConnected() throws Exception {
    List<UnixFd> pair = socketPair();
    try (ByteChannel one = pair.getFirst().channel();
        ByteChannel two = pair.getLast().channel()) {
      ByteBuffer got = ByteBuffer.allocate(8);
      one.write(ByteBuffer.wrap(new byte[] {7}));
      assertEquals(1, two.read(got));
      two.write(ByteBuffer.wrap(new byte[] {8}));
      assertEquals(1, one.read(got));
      assertEquals(8, got.get(1));
      one.close();
      assertFalse(one.isOpen() || pair.getFirst().isOpen());
      assertEquals(-1, two.read(got));
    }
  }

  @Test
  void aSocketHasTwoStreamsThatCloseTogether() throws Exception {
    List<UnixFd> pair = socketPair();
    try (UnixFd one = pair.getFirst();
        FileInputStream in = one.inputStream();
        FileOutputStream out = one.outputStream();
        FileOutputStream other = pair.getLast().outputStream()) {
      other.write('x');
      assertEquals('x', in.read());
      out.close();
      assertFalse(one.isOpen());
      assertThrows(IOException.class, in::read);
    }
  }

  @Test
  @DisplayName("FD-22 a duplicate is another number for the same pipe, with an owner of its own")
  void duplicate() throws Exception {
    try (TracedPipe pipe = new TracedPipe();
        UnixFd second = pipe.writer().duplicate()) {
      assertNotEquals(
          Descriptors.number(pipe.writer().fileDescriptor()),
          Descriptors.number(second.fileDescriptor()));
      pipe.writer().close();
      second.outputStream().write('x');
      second.close();
      assertEquals("x", pipe.untilClosedEverywhere());
    }
  }

  @Test
  @DisplayName("FD-14 a descriptor has one owner: taken once, it is not closed by who had it")
  void takenOnce() throws Exception {
    try (TracedPipe pipe = new TracedPipe();
        UnixFd mine = pipe.writer().take()) {
      pipe.writer().close();
      assertTrue(mine.isOpen());
      assertThrows(IllegalStateException.class, () -> pipe.writer().take());
      assertThrows(IllegalStateException.class, () -> pipe.writer().duplicate());
      assertThrows(IllegalStateException.class, () -> pipe.writer().inputStream());
      mine.close();
      pipe.isClosedEverywhere();
    }
  }

  @Test
  @DisplayName("FD-14 what everybody forgot is closed by the garbage collector")
  void forgotten() throws Exception {
    try (TracedPipe pipe = new TracedPipe()) {
      WeakReference<UnixFd> forgotten = new WeakReference<>(pipe.writer().take());
      while (!forgotten.refersTo(null)) {
        System.gc();
      }
      pipe.isClosedEverywhere();
    }
  }

  @Test
  @DisplayName("FD-14 a stream keeps its descriptor from the garbage collector")
  void streamKeepsIt() throws Exception {
    try (TracedPipe pipe = new TracedPipe();
        FileOutputStream out = pipe.writer().take().outputStream()) {
      WeakReference<Object> garbage = new WeakReference<>(new Object());
      while (!garbage.refersTo(null)) {
        System.gc();
      }
      out.write('x');
      out.close();
      assertEquals("x", pipe.untilClosedEverywhere());
    }
  }

  @Test
  @DisplayName("FD-05, FD-22 a body holds the descriptors that its arguments are")
  void inABody() throws Exception {
    UnixFd.Pipe pipe = UnixFd.pipe();
    Body body =
        Body.of(Codec.listOf(UNIX_FD), List.of(pipe.writer(), pipe.reader(), pipe.writer()));
    try (UnixFds fds = body.unixFds()) {
      assertEquals(List.of(pipe.writer(), pipe.reader()), fds.asList());
      List<UnixFd> read = body.read(Codec.listOf(UNIX_FD));
      assertSame(pipe.writer(), read.get(2));
      assertSame(pipe.reader(), read.get(1));
    }
    assertFalse(pipe.reader().isOpen() || pipe.writer().isOpen());
  }

  @Test
  void aClosedOneIsNotTakenOver() throws Exception {
    FileInputStream closed = new FileInputStream("/dev/null");
    closed.close();
    assertThrows(IllegalArgumentException.class, () -> UnixFd.of(closed.getFD()));
  }
}
