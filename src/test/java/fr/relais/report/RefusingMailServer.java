package fr.relais.report;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A mail server that accepts everything, except at the steps for which a test has set another answer. It offers
 * STARTTLS, but cannot speak TLS.
 */
public final class RefusingMailServer implements AutoCloseable {

    /** An answer that closes the connection instead. */
    public static final String HANG_UP = "";

    /** The step before the first command. */
    public static final String GREETING = "greeting";

    private static final Map<String, String> USUAL = Map.of(
            GREETING,
            "220 test",
            "EHLO",
            "250-test\r\n250-STARTTLS\r\n250 AUTH PLAIN",
            "STARTTLS",
            "220 go on",
            "AUTH",
            "235 2.7.0 fine",
            "DATA",
            "354 go on",
            ".",
            "250 2.0.0 queued as 42",
            "QUIT",
            "221 bye");

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> received = new CopyOnWriteArrayList<>();

    public RefusingMailServer() throws IOException {
        Thread thread = new Thread(this::serve, "refusing-mail-server");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Sets the answer to a step.
     *
     * @param step {@link #GREETING}, {@code EHLO} (also for {@code HELO}), {@code STARTTLS}, {@code AUTH},
     *     {@code MAIL}, {@code RCPT}, {@code DATA}, or {@code .} for the end of the mail
     * @param answer a line, or {@link #HANG_UP}
     */
    public void answer(String step, String answer) {
        answers.put(step, answer);
    }

    public void acceptEverything() {
        answers.clear();
    }

    /** Returns the mails that arrived completely, whatever the answer was. */
    List<String> received() {
        return received;
    }

    public int port() {
        return socket.getLocalPort();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                talk(
                        new BufferedReader(new InputStreamReader(client.getInputStream(), ISO_8859_1)),
                        client.getOutputStream());
            } catch (IOException e) {
                // The client has hung up, or this server has been closed.
            }
        }
    }

    private void talk(BufferedReader in, OutputStream out) throws IOException {
        if (!step(out, GREETING)) {
            return;
        }
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            // A client that gets no usable answer to EHLO tries HELO.
            String step = line.split(" ")[0].replace("HELO", "EHLO");
            if (!step(out, step)) {
                return;
            }
            if (step.equals("STARTTLS") && !answers.containsKey(step)) {
                say(out, "This is not TLS.");
                return;
            }
            if (step.equals("DATA") && !answers.containsKey(step)) {
                StringBuilder mail = new StringBuilder();
                for (line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
                    mail.append(line).append('\n');
                }
                received.add(mail.toString());
                if (!step(out, ".")) {
                    return;
                }
            }
        }
    }

    /** Answers a step. Returns false when the connection must be closed. */
    private boolean step(OutputStream out, String step) throws IOException {
        String answer = answers.getOrDefault(step, USUAL.getOrDefault(step, "250 2.0.0 fine"));
        if (answer.equals(HANG_UP)) {
            return false;
        }
        say(out, answer);
        return true;
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(ISO_8859_1));
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
