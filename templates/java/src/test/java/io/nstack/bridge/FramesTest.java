package io.nstack.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Bytes up to a line feed are a frame, whatever pieces they come in. */
class FramesTest {
    private static List<String> framesOf(byte[] bytes, int cut) throws Exception {
        File pipe =
                new File(
                        System.getProperty("java.io.tmpdir"), "nstack-frames-" + System.nanoTime());
        new ProcessBuilder("mkfifo", pipe.getPath()).start().waitFor();
        Thread writer = new Thread(() -> write(pipe, bytes, cut));
        writer.start();
        List<String> frames = new ArrayList<>();
        try (FileInputStream input = new FileInputStream(pipe)) {
            FrameReader reader = new FrameReader(input);
            while (!reader.ended()) {
                reader.read();
                while (reader.waiting() > 0) {
                    String frame =
                            new String(
                                    reader.bytes(),
                                    reader.start(),
                                    reader.end(0) - reader.start(),
                                    StandardCharsets.UTF_8);
                    assertEquals(
                            frame.chars().allMatch(sign -> sign < 128), reader.isAscii(), frame);
                    frames.add(frame);
                    reader.drop();
                }
            }
        } finally {
            writer.join();
            pipe.delete();
        }
        return frames;
    }

    private static void write(File pipe, byte[] bytes, int cut) {
        try (OutputStream out = new FileOutputStream(pipe)) {
            out.write(bytes, 0, cut);
            out.flush();
            Thread.sleep(2);
            out.write(bytes, cut, bytes.length - cut);
        } catch (IOException | InterruptedException error) {
            throw new IllegalStateException(error);
        }
    }

    @Test
    void framesAreFoundAtEverySplit() throws Exception {
        byte[] bytes =
                "{\"a\":1}\n\n\u00e9\u2028\u0085\r\nabcdefgh\nplain\nrest"
                        .getBytes(StandardCharsets.UTF_8);
        List<String> wanted = List.of("{\"a\":1}", "", "\u00e9\u2028\u0085\r", "abcdefgh", "plain");
        for (int cut = 0; cut <= bytes.length; cut++)
            assertEquals(wanted, framesOf(bytes, cut), "cut at " + cut);
    }

    @Test
    void framesMayBeLongOrMany() throws Exception {
        String longFrame = "x".repeat(3_000_000);
        byte[] bytes =
                (longFrame + "\n" + "y\n".repeat(100_000) + longFrame + "\n")
                        .getBytes(StandardCharsets.UTF_8);
        List<String> frames = framesOf(bytes, 1_000_000);
        assertEquals(100_002, frames.size());
        assertEquals(longFrame, frames.get(0));
        assertEquals("y", frames.get(50_000));
        assertEquals(longFrame, frames.get(100_001));
    }

    @Test
    void aDescriptorIsHadByItsNumber() throws IOException {
        assertTrue(Descriptors.descriptor(2).valid());
    }
}
