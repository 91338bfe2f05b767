package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import ch.qos.logback.classic.Level;
import fr.relais.failure.FailureMessages;
import fr.relais.failure.HookFailed;
import fr.relais.settings.Settings;
import java.lang.reflect.Constructor;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import javax.sql.DataSource;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Predicate;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.CatchDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.FinallyDefinition;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.model.LoopDefinition;
import org.apache.camel.model.OnWhenDefinition;
import org.apache.camel.model.OutputNode;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.TryDefinition;
import org.apache.camel.model.WhenDefinition;
import org.apache.camel.model.language.ConstantExpression;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Failures at every step of every packed route, with a text that stands for a part of an offer. The test calls the
 * route of the step, and fires each trigger that leads to it. The other steps do nothing, except that they call routes
 * and handle failures.
 */
class PlantedFailuresTest {

    private static final String TEXT = "zq-part-of-an-offer";

    private static final List<BiFunction<String, Throwable, Exception>> KINDS =
            List.of(IllegalStateException::new, RuntimeCamelException::new, DataIntegrityViolationException::new);

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final Map<String, RouteDefinition> routes = new HashMap<>();
    private final Set<String> triggers = new LinkedHashSet<>();
    private final Set<NamedNode> steps = new LinkedHashSet<>();
    private ProducerTemplate producer;

    /** The step that fails, and with what. */
    private volatile NamedNode failing;

    private volatile Exception failure;

    /** Whether the step was reached. It fails once. */
    private final AtomicBoolean reached = new AtomicBoolean();

    @BeforeEach
    void start() throws Exception {
        camel.getCamelContextExtension().addInterceptStrategy(new Steps());
        Addition.addPipeline(
                camel,
                database(),
                database(),
                Settings.of(Map.of(
                        "relais.source.client-id", "id",
                        "relais.source.client-secret", "secret",
                        "relais.views.folder", "target/views",
                        "relais.views.uri", "seda:views",
                        "relais.events.uri", "seda:events",
                        "relais.report.evidence", "seda:mails",
                        "relais.source.retry-delay", "1")),
                Clock.systemUTC(),
                List.of());
        for (RouteDefinition route : camel.getRouteDefinitions()) {
            routes.put("direct:" + route.getRouteId(), route);
            if ("relais-trigger".equals(route.getGroup())) {
                triggers.add(route.getRouteId());
                route.getInput().setUri("direct:" + route.getRouteId());
                route.autoStartup(true);
            }
            openEveryBranch(route);
        }
        camel.start();
        producer = camel.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    private static DataSource database() throws SQLException {
        DataSource database = mock();
        Connection connection = mock();
        PreparedStatement statement = mock();
        when(database.getConnection()).thenReturn(connection);
        when(connection.prepareStatement(anyString())).thenReturn(statement);
        return database;
    }

    @ParameterizedTest
    @ValueSource(strings = {"DEBUG", "TRACE"})
    void the_application_logs_one_line_without_the_text(String level) {
        try (CapturedLog log = CapturedLog.ofApplication(Level.toLevel(level))) {
            failEverywhere(log);
        }
    }

    @Test
    void a_host_with_log_levels_of_its_own_logs_one_line_without_the_text() {
        try (CapturedLog log = CapturedLog.ofHost()) {
            failEverywhere(log);
        }
    }

    private void failEverywhere(CapturedLog log) {
        assertThat(triggers).hasSizeGreaterThan(8);
        assertThat(steps).hasSizeGreaterThan(200);
        Set<NamedNode> failed = new HashSet<>();
        int number = 0;
        for (NamedNode step : steps) {
            String route = ProcessorDefinitionHelper.getRoute(step).getRouteId();
            for (String entry : entries(route)) {
                failing = step;
                failure = KINDS.get(number++ % KINDS.size()).apply(TEXT, new SQLException(TEXT, "22001", 1406));
                reached.set(false);
                log.clear();
                Exchange exchange = fire(entry);
                if (reached.get()) {
                    failed.add(step);
                    String place = entry + " with failing " + step.getShortName() + " " + step.getId() + " of " + route;
                    assertThat(String.join("\n", log.all())).as(place).doesNotContain(TEXT);
                    // A step that handles a failure and fails too makes two failures.
                    boolean isHandling = ProcessorDefinitionHelper.findFirstParentOfType(
                                    CatchDefinition.class, (ProcessorDefinition<?>) step, true)
                            != null;
                    assertThat(log.warnings())
                            .as(place)
                            .hasSizeLessThanOrEqualTo(isHandling ? 2 : 1)
                            .allMatch(line -> line.length() < 200 && !line.contains("\n"));
                    if (triggers.contains(entry)) {
                        assertThat(log.warnings())
                                .as(place)
                                .filteredOn(line -> line.contains(entry + " failed: "))
                                .hasSize(exchange.isFailed() ? 1 : 0);
                    }
                }
            }
        }
        assertThat(steps.stream()
                        .filter(step -> !failed.contains(step))
                        .map(step -> step.getId() + " of "
                                + ProcessorDefinitionHelper.getRoute(step).getRouteId()))
                .as("steps that were not reached")
                .isEmpty();
    }

    /** Sends the message, and does what a consumer does after a failure. */
    private Exchange fire(String entry) {
        Exchange exchange = producer.send("direct:" + entry, message -> {
            message.getMessage().setBody(TEXT);
            message.getMessage().setHeader("planted", TEXT);
            message.setVariable("planted", TEXT);
        });
        if (triggers.contains(entry) && exchange.getException() != null) {
            ((DefaultConsumer) camel.getRoute(entry).getConsumer())
                    .getExceptionHandler()
                    .handleException("Error processing exchange", exchange, exchange.getException());
        }
        return exchange;
    }

    /** Returns the route itself and the triggers that lead to it. */
    private Set<String> entries(String route) {
        Set<String> entries = new LinkedHashSet<>(Set.of(route));
        triggers.stream().filter(trigger -> called(trigger).contains(route)).forEach(entries::add);
        return entries;
    }

    private Set<String> called(String trigger) {
        Set<String> called = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(trigger));
        while (!open.isEmpty()) {
            RouteDefinition route = routes.get("direct:" + open.pop());
            for (ToDefinition step :
                    ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), ToDefinition.class)) {
                RouteDefinition next = routes.get(camel.resolvePropertyPlaceholders(step.getUri()));
                if (next != null && called.add(next.getRouteId())) {
                    open.push(next.getRouteId());
                }
            }
        }
        return called;
    }

    private void openEveryBranch(RouteDefinition route) {
        List<ProcessorDefinition<?>> outputs = route.getOutputs();
        ProcessorDefinitionHelper.filterTypeInOutputs(outputs, FilterDefinition.class)
                .forEach(step -> step.setExpression(new ConstantExpression("true")));
        for (SplitDefinition step : ProcessorDefinitionHelper.filterTypeInOutputs(outputs, SplitDefinition.class)) {
            step.setExpression(new ConstantExpression(TEXT));
        }
        for (LoopDefinition step : ProcessorDefinitionHelper.filterTypeInOutputs(outputs, LoopDefinition.class)) {
            step.setDoWhile("false");
            step.setExpression(new ConstantExpression("1"));
        }
        for (TryDefinition step : ProcessorDefinitionHelper.filterTypeInOutputs(outputs, TryDefinition.class)) {
            step.getCatchClauses().stream()
                    .filter(caught -> caught.getOnWhen() != null)
                    .forEach(caught -> caught.setOnWhen(new OnWhenDefinition(exchange -> contains(caught, failing))));
        }
        for (ChoiceDefinition step : ProcessorDefinitionHelper.filterTypeInOutputs(outputs, ChoiceDefinition.class)) {
            step.getWhenClauses().replaceAll(branch -> {
                // The expression of a branch cannot be replaced.
                List<ProcessorDefinition<?>> inside = branch.getOutputs();
                Predicate isWanted = exchange -> inside.stream().anyMatch(output -> contains(output, failing));
                WhenDefinition open = new WhenDefinition(isWanted);
                open.setParent(step);
                open.setOutputs(inside);
                return open;
            });
        }
    }

    private static boolean contains(NamedNode outer, NamedNode inner) {
        for (NamedNode node = inner; node != null; node = node.getParent()) {
            if (node == outer) {
                return true;
            }
        }
        return false;
    }

    /** Returns what the doTry around a step must throw, so that the doCatch with the failing step is reached. */
    private Exception needed(NamedNode step) {
        NamedNode inner = failing;
        for (NamedNode node = failing.getParent(); node != null; inner = node, node = node.getParent()) {
            if (node instanceof TryDefinition attempt
                    && inner instanceof CatchDefinition caught
                    && contains(attempt, step)
                    && !isHandling(step, attempt)) {
                return exception(caught.getExceptions().get(0));
            }
        }
        return null;
    }

    private static boolean isHandling(NamedNode step, TryDefinition attempt) {
        for (NamedNode node = step; node != attempt; node = node.getParent()) {
            if (node.getParent() == attempt) {
                return node instanceof CatchDefinition || node instanceof FinallyDefinition;
            }
        }
        return false;
    }

    private static Exception exception(String type) {
        try {
            if (type.equals(Exception.class.getName())) {
                return new IllegalStateException(TEXT);
            } else if (type.equals(HookFailed.class.getName())) {
                new FailureMessages().throwHookFailed("hook", new IllegalStateException(TEXT));
            }
            Constructor<?> constructor = Class.forName(type).getDeclaredConstructor(String.class);
            constructor.setAccessible(true);
            return (Exception) constructor.newInstance("a description");
        } catch (HookFailed e) {
            return e;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class Steps implements InterceptStrategy {

        @Override
        public Processor wrapProcessorInInterceptors(
                CamelContext context, NamedNode step, Processor target, Processor nextTarget) {
            if (!(step instanceof CatchDefinition || step instanceof FinallyDefinition)
                    && ProcessorDefinitionHelper.getRoute(step) != null) {
                steps.add(step);
            }
            return new Step(step, target);
        }
    }

    private final class Step extends DelegateAsyncProcessor {

        private final NamedNode step;

        Step(NamedNode step, Processor target) {
            super(target);
            this.step = step;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            Exception needed = needed(step);
            if (step == failing && reached.compareAndSet(false, true)) {
                exchange.setException(failure);
            } else if (needed != null) {
                exchange.setException(needed);
            } else if (isRun()) {
                return super.process(exchange, callback);
            }
            callback.done(true);
            return true;
        }

        private boolean isRun() {
            if (step instanceof ToDefinition to) {
                return routes.containsKey(camel.resolvePropertyPlaceholders(to.getUri()));
            }
            boolean hasSteps = step instanceof OutputNode || step instanceof ChoiceDefinition;
            boolean handles = (step instanceof LogDefinition || step instanceof BeanDefinition)
                    && ProcessorDefinitionHelper.findFirstParentOfType(
                                    CatchDefinition.class, (ProcessorDefinition<?>) step, true)
                            != null;
            return handles || hasSteps || ProcessorDefinitionHelper.getRoute(step) == null;
        }
    }
}
