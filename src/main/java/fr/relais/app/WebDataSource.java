package fr.relais.app;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connections for which visitors wait. After the database has not answered a request, other requests fail at once,
 * and one request a second tries again. Otherwise, requests would wait until the web server had no thread left.
 */
final class WebDataSource extends HikariDataSource {

    private static final long PAUSE = Duration.ofSeconds(1).toNanos();

    private final ReentrantLock trying = new ReentrantLock();
    private volatile boolean isDown;
    private volatile long failedAt;

    WebDataSource() {
        setExceptionOverride(new SQLExceptionOverride() {
            /** The pool calls this before it closes a connection because of a failure. */
            @java.lang.Override
            public Override adjudicate(SQLException failure) {
                if (failure.getCause() instanceof SocketTimeoutException) {
                    recordFailure();
                }
                return Override.CONTINUE_EVICT;
            }
        });
    }

    /** @throws SQLTransientConnectionException at once when the database did not answer the last request */
    @Override
    public Connection getConnection() throws SQLException {
        if (!isDown) {
            return connect();
        }
        if (System.nanoTime() - failedAt < PAUSE || !trying.tryLock()) {
            throw new SQLTransientConnectionException("the database did not answer a moment ago");
        }
        try {
            Connection connection = connect();
            isDown = false;
            return connection;
        } finally {
            trying.unlock();
        }
    }

    private Connection connect() throws SQLException {
        try {
            return super.getConnection();
        } catch (SQLException e) {
            recordFailure();
            throw e;
        }
    }

    private void recordFailure() {
        failedAt = System.nanoTime();
        isDown = true;
    }
}
