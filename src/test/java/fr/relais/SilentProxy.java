package fr.relais;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy in front of a database. It can fall silent: connections stay open and new ones are accepted, but no
 * answer arrives any more.
 */
public final class SilentProxy implements AutoCloseable {

    private final ServerSocket server;
    private final String url;
    private final int databasePort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Socket> mute = ConcurrentHashMap.newKeySet();
    private volatile boolean silent;
    private volatile String fatalStatement;

    private SilentProxy(String url) throws IOException {
        server = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        databasePort = URI.create(url.substring("jdbc:".length())).getPort();
        this.url = url.replace(":" + databasePort + "/", ":" + server.getLocalPort() + "/");
        run(this::accept);
    }

    /** Starts a proxy for the database at this JDBC address on this machine. */
    public static SilentProxy of(String url) throws IOException {
        return new SilentProxy(url);
    }

    /** Returns the JDBC address that leads through the proxy. */
    public String url() {
        return url;
    }

    /** Falls silent. */
    public void fallSilent() {
        silent = true;
    }

    /** Falls silent when a statement with this text, which is ASCII, has reached the proxy. */
    public void fallSilentIn(String statement) {
        fatalStatement = statement;
    }

    /** Ends the silence for new connections only, as after a firewall has forgotten the old ones. */
    public void speakToNewConnections() {
        fatalStatement = null;
        mute.addAll(sockets);
        silent = false;
    }

    /** Ends the silence. Connections of that time are closed, because some of their answers are lost. */
    public void speak() {
        fatalStatement = null;
        silent = false;
        sockets.forEach(SilentProxy::close);
    }

    public boolean isSilent() {
        return silent;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            sockets.add(client);
            Socket database = new Socket(InetAddress.getLoopbackAddress(), databasePort);
            sockets.add(database);
            run(() -> copy(client, database, true));
            run(() -> copy(database, client, false));
        }
    }

    private void copy(Socket from, Socket to, boolean isRequest) throws IOException {
        try {
            byte[] bytes = new byte[64 * 1024];
            for (int n = from.getInputStream().read(bytes);
                    n >= 0;
                    n = from.getInputStream().read(bytes)) {
                String fatal = fatalStatement;
                if (isRequest && fatal != null && new String(bytes, 0, n, ISO_8859_1).contains(fatal)) {
                    silent = true;
                }
                if (isRequest || !silent && !mute.contains(from)) {
                    to.getOutputStream().write(bytes, 0, n);
                }
            }
        } finally {
            close(from);
            close(to);
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        sockets.forEach(SilentProxy::close);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void run(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // The connection or the proxy was closed.
                    }
                },
                "silent-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
