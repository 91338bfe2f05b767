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

/** A mail server that accepts everything, except at the steps for which a test has set another answer. */
final class RefusingMailServer implements AutoCloseable {

    /** An answer that closes the connection instead. */
    static final String HANG_UP = "";

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> received = new CopyOnWriteArrayList<>();

    RefusingMailServer() throws IOException {
        Thread thread = new Thread(this::serve, "refusing-mail-server");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Sets the answer to a step.
     *
     * @param step {@code MAIL}, {@code RCPT}, {@code DATA}, or {@code .} for the end of the mail
     * @param answer a line, or {@link #HANG_UP}
     */
    void answer(String step, String answer) {
        answers.put(step, answer);
    }

    void acceptEverything() {
        answers.clear();
    }

    /** Returns the mails that arrived completely, whatever the answer was. */
    List<String> received() {
        return received;
    }

    int port() {
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
        say(out, "220 test");
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String step = line.split(" ")[0].toUpperCase();
            if (!step(
                    out,
                    step,
                    step.equals("DATA") ? "354 go on" : step.equals("QUIT") ? "221 bye" : "250 2.0.0 fine")) {
                return;
            }
            if (step.equals("DATA") && !answers.containsKey("DATA")) {
                StringBuilder mail = new StringBuilder();
                for (line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
                    mail.append(line).append('\n');
                }
                received.add(mail.toString());
                if (!step(out, ".", "250 2.0.0 queued as 42")) {
                    return;
                }
            }
        }
    }

    /** Answers a step. Returns false when the connection must be closed. */
    private boolean step(OutputStream out, String step, String usual) throws IOException {
        String answer = answers.getOrDefault(step, usual);
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
