package fr.relais;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * An interceptor that names each commit and each outside effect of a pipeline as it happens. The name of a commit lists
 * the statements that it makes permanent and their tables ({@code insert offer, insert sighting}). The name of a step
 * that sends something out is its id ({@code relais-to-mail-server}), or its component when it has no id. The name does
 * not say which code has reached the point.
 */
final class CrashPoints implements InterceptStrategy {

    /** The moment of a crash: immediately before the point happens, or immediately after. */
    enum Moment {
        BEFORE,
        AFTER
    }

    /** A callback for each point, on the thread that has reached it. The thread continues when {@link #at} returns. */
    @FunctionalInterface
    interface Watcher {
        void at(Moment moment, String point);
    }

    /** The renewal of the lease, which a timer triggers and which can coincide with any other point. */
    static final String RENEWAL = "renew lease";

    private static final Set<String> READS =
            Set.of("select", "with", "set", "show", "use", "values", "explain", "describe", "prepare", "deallocate");
    /** Statements that commit the current transaction and cannot be rolled back. */
    private static final Set<String> COMMITTING_KEYWORDS = Set.of("create", "alter", "drop", "rename", "truncate");

    private static final Pattern STATEMENT = Pattern.compile(
            "(?s)(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/)*(?:set statement .*? for )?(\\w+)"
                    + "(?:\\s+(?:ignore|into|(?:\\w+\\s+)?from|table|index|unique|if|not|exists))*"
                    + "(?:\\s+(?:`?\\w+`?\\.)?`?(\\w+)`?)?.*",
            Pattern.CASE_INSENSITIVE);

    private final Watcher watcher;

    CrashPoints(Watcher watcher) {
        this.watcher = watcher;
    }

    /** Returns a proxy of the database that reports each commit. */
    DataSource wrap(DataSource dataSource) {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            Object result = call(dataSource, method, arguments);
            return result instanceof Connection connection ? proxy(Connection.class, new Session(connection)) : result;
        });
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext camel, NamedNode node, Processor target, Processor nextTarget) {
        String uri = node instanceof SendDefinition<?> send
                ? camel.resolvePropertyPlaceholders(send.getUri())
                : node instanceof ToDynamicDefinition dynamic ? dynamic.getUri() : "sql:";
        boolean hasId = node.hasCustomIdAssigned();
        return uri.startsWith("sql:") || (uri.startsWith("direct:") && !hasId)
                ? target
                : new Sending(hasId ? node.getId() : uri.split(":")[0], target);
    }

    private Object around(String point, Action action) throws Throwable {
        watcher.at(Moment.BEFORE, point);
        Object result = action.run();
        watcher.at(Moment.AFTER, point);
        return result;
    }

    /** The handler of a connection, which collects the statements that write until they are committed. */
    private final class Session implements InvocationHandler {

        private final Connection connection;
        private final Set<String> written = new LinkedHashSet<>();

        Session(Connection connection) {
            this.connection = connection;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
            Action action = () -> call(connection, method, arguments);
            switch (method.getName()) {
                case "createStatement":
                    return proxy(Statement.class, statement((Statement) action.run(), null));
                case "prepareStatement":
                    return proxy(PreparedStatement.class, statement((Statement) action.run(), arguments[0].toString()));
                case "prepareCall":
                    throw new UnsupportedOperationException("a procedure could commit unnoticed");
                case "commit", "setAutoCommit":
                    boolean commits = method.getName().equals("commit") || arguments[0].equals(true);
                    return commits ? commit(action) : action.run();
                case "rollback", "close":
                    written.clear();
                    return action.run();
                default:
                    return action.run();
            }
        }

        private Object commit(Action action) throws Throwable {
            if (written.isEmpty()) {
                return action.run();
            }
            String point = String.join(", ", written);
            written.clear();
            return around(point, action);
        }

        private InvocationHandler statement(Statement statement, String prepared) {
            return (proxy, method, arguments) -> {
                Action action = () -> call(statement, method, arguments);
                if (!method.getName().startsWith("execute")) {
                    return action.run();
                }
                String sql =
                        arguments != null && arguments.length > 0 && arguments[0] instanceof String s ? s : prepared;
                if (sql == null) {
                    throw new UnsupportedOperationException("a batch of statements could commit unnoticed");
                }
                Matcher matcher = STATEMENT.matcher(sql);
                String keyword = matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : "?";
                if (READS.contains(keyword)) {
                    return action.run();
                }
                // A timer renews the lease, at any time.
                boolean renews = Thread.currentThread().getName().equals("relais-lease");
                written.add(renews ? RENEWAL : keyword + " " + matcher.group(2));
                return connection.getAutoCommit() || COMMITTING_KEYWORDS.contains(keyword)
                        ? commit(action)
                        : action.run();
            };
        }
    }

    /**
     * A step that sends a message to an endpoint other than SQL or a route. A step with an id counts as an outside
     * effect even if its default endpoint is a route.
     */
    private final class Sending extends DelegateAsyncProcessor {

        private final String point;

        Sending(String point, Processor target) {
            super(target);
            this.point = point;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            watcher.at(Moment.BEFORE, point);
            return super.process(exchange, doneSync -> {
                watcher.at(Moment.AFTER, point);
                callback.done(doneSync);
            });
        }
    }

    @FunctionalInterface
    private interface Action {
        Object run() throws Throwable;
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
