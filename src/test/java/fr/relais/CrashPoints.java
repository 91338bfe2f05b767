package fr.relais;

import java.lang.StackWalker.StackFrame;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
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
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Names each commit and each outside effect of a pipeline as it happens. A commit is known by who wrote what it makes last, a
 * Camel step by its route and id ({@code reconcile: to-sightings}) and a bean by its methods, its statements and their tables
 * ({@code Slices.take: update slice}): none can be added, moved or extended under an old name.
 */
final class CrashPoints implements InterceptStrategy {

    /** Where a process may die: when everything is ready for the point and it has not happened, or as soon as it has. */
    enum Moment {
        BEFORE,
        AFTER
    }

    /** Told of each point on the thread that has come to it, which does not go on before {@link #at} returns. */
    @FunctionalInterface
    interface Watcher {
        void at(Moment moment, String point);
    }

    private static final Set<String> READS =
            Set.of("select", "with", "set", "show", "use", "values", "explain", "describe");
    /** They end the transaction that they are in, and cannot be rolled back. */
    private static final Set<String> COMMIT_BY_THEMSELVES = Set.of("create", "alter", "drop", "rename", "truncate");

    private static final Pattern STATEMENT = Pattern.compile(
            "(?s)(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/)*(\\w+)"
                    + "(?:\\s+(?:ignore|into|from|table|index|unique|if|not|exists))*(?:\\s+(?:`?\\w+`?\\.)?`?(\\w+)`?)?.*",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern BEAN = Pattern.compile("fr\\.relais\\.[a-z]\\w*\\.(\\w+).*");
    private static final Pattern LAMBDA = Pattern.compile("lambda\\$(\\w+)\\$\\d+");
    private static final StackWalker STACK = StackWalker.getInstance();

    private final ThreadLocal<Step> current = new ThreadLocal<>();
    private final Watcher watcher;

    CrashPoints(Watcher watcher) {
        this.watcher = watcher;
    }

    /** This database, its commits noticed. */
    DataSource wrap(DataSource dataSource) {
        return proxy(DataSource.class, (proxy, method, arguments) -> {
            Object result = call(dataSource, method, arguments);
            return result instanceof Connection connection ? proxy(Connection.class, new Session(connection)) : result;
        });
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext camel, NamedNode node, Processor target, Processor nextTarget) {
        return new Step(camel, node, target);
    }

    private Object around(String point, Action action) throws Throwable {
        watcher.at(Moment.BEFORE, point);
        Object result = action.run();
        watcher.at(Moment.AFTER, point);
        return result;
    }

    /** Who executes this statement, and which it is. */
    private Write write(String verb, String table) {
        List<StackFrame> frames = STACK.walk(
                stack -> stack.takeWhile(frame -> !frame.getClassName().equals(Step.class.getName()))
                        .toList());
        StringBuilder methods = new StringBuilder();
        String last = "";
        String lastClass = "";
        for (int i = frames.size() - 1; i >= 0; i--) {
            Matcher bean = BEAN.matcher(frames.get(i).getClassName());
            if (bean.matches()) {
                Matcher lambda = LAMBDA.matcher(frames.get(i).getMethodName());
                String method =
                        lambda.matches() ? lambda.group(1) : frames.get(i).getMethodName();
                String name = bean.group(1) + "." + method;
                if (!name.equals(last)) {
                    methods.append(methods.isEmpty() ? "" : "/")
                            .append(bean.group(1).equals(lastClass) ? method : name);
                }
                last = name;
                lastClass = bean.group(1);
            }
        }
        Step step = current.get();
        if (!methods.isEmpty()) {
            return new Write(methods.toString(), verb + " " + table);
        } else if (step != null) {
            return new Write(step.route, step.id != null ? step.id : verb + " " + table);
        }
        return new Write("Relais.addTo", verb + " " + table);
    }

    private record Write(String by, String what) {

        static String name(List<Write> writes) {
            StringBuilder name = new StringBuilder();
            Write last = new Write("", "");
            for (Write write : writes) {
                if (!write.by.equals(last.by)) {
                    name.append(name.isEmpty() ? "" : "; ")
                            .append(write.by)
                            .append(": ")
                            .append(write.what);
                } else if (!write.equals(last)) {
                    name.append(", ").append(write.what);
                }
                last = write;
            }
            return name.toString();
        }
    }

    /** A connection: collects what is written until it is committed. */
    private final class Session implements InvocationHandler {

        private final Connection connection;
        private final List<Write> written = new ArrayList<>();

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
            String point = Write.name(written);
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
                String verb = matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : "?";
                if (READS.contains(verb)) {
                    return action.run();
                }
                written.add(write(verb, matcher.group(2)));
                return connection.getAutoCommit() || COMMIT_BY_THEMSELVES.contains(verb)
                        ? commit(action)
                        : action.run();
            };
        }
    }

    /** A step of a route, known to the thread while it is under way; an outside effect if it sends to anything but routes and SQL. */
    private final class Step extends DelegateAsyncProcessor {

        private final String route;
        private final String id;
        private final boolean isEffect;

        Step(CamelContext camel, NamedNode node, Processor target) {
            super(target);
            route = ProcessorDefinitionHelper.getRouteId(node);
            id = node.hasCustomIdAssigned() ? node.getId() : null;
            String uri = node instanceof SendDefinition<?> send
                    ? camel.resolvePropertyPlaceholders(send.getUri())
                    : node instanceof ToDynamicDefinition dynamic ? dynamic.getUri() : null;
            // A step has an id where it has an effect, even when this is by default a call of another route.
            isEffect = uri != null && !uri.startsWith("sql:") && (id != null || !uri.startsWith("direct:"));
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            Step outer = current.get();
            current.set(this);
            try {
                if (!isEffect) {
                    return super.process(exchange, callback);
                }
                String point = route + ": " + (id != null ? id : "to");
                watcher.at(Moment.BEFORE, point);
                return super.process(exchange, doneSync -> {
                    watcher.at(Moment.AFTER, point);
                    callback.done(doneSync);
                });
            } finally {
                current.set(outer);
            }
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
