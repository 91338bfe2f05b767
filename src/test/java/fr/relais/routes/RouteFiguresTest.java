package fr.relais.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;

import fr.relais.DatabaseCheck;
import fr.relais.LicenceEnd;
import fr.relais.duty.DutyRecord;
import fr.relais.watch.AlertMail;
import fr.relais.watch.Watch;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Registry;
import org.apache.camel.test.junit5.TestExecutionConfiguration;
import org.junit.jupiter.api.Test;

/** The figures of routes, with the routes of {@code 80-watch.camel.yaml} as an example. */
class RouteFiguresTest extends RouteTest {

    private static final Instant NOW = Instant.parse("2026-11-10T12:00:00Z");

    private final DatabaseCheck check = mock(DatabaseCheck.class);
    private RouteFigures figures;

    RouteFiguresTest() {
        super("80-watch");
    }

    @Override
    public void configureTest(TestExecutionConfiguration configuration) {
        super.configureTest(configuration);
        configuration.withEnableJMX();
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext camel = super.createCamelContext();
        figures = RouteFigures.of(camel, Clock.fixed(NOW, ZoneOffset.UTC));
        return camel;
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("relais.watch.heartbeat-uri", "mock:heartbeat");
    }

    @Override
    protected void bind(Registry beans) {
        beans.bind("relaisWatch", mock(Watch.class));
        beans.bind("relaisAlertMail", mock(AlertMail.class));
        beans.bind("relaisDatabaseCheck", check);
        beans.bind("relaisLicenceEnd", mock(LicenceEnd.class));
        beans.bind("relaisDutyRecord", mock(DutyRecord.class));
    }

    @Test
    void the_routes_of_the_files_are_listed_in_their_order() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:host").routeId("host").to("mock:host");
            }
        });

        List<RouteStatus> routes = figures.all();

        assertThat(routes).extracting(RouteStatus::file).containsOnly("80-watch");
        assertThat(routes)
                .extracting(RouteStatus::id)
                .startsWith("relais-watch-by-timer", "relais-database-check-by-timer", "relais-check-database")
                .doesNotContain("host");
        assertThat(routes.get(0).isTrigger()).isTrue();
        assertThat(routes.get(2).isTrigger()).isFalse();
        assertThat(routes.get(2).state()).isEqualTo("Started");
        assertThat(routes.get(2).description()).startsWith("Log a warning");
        assertThat(figures.of("host")).isEmpty();
        assertThat(figures.definition("nothing")).isEmpty();
    }

    @Test
    void a_route_has_figures_and_its_last_failure_without_the_text_of_a_library() {
        template.sendBody("direct:relais-check-database", null);
        doThrow(new IllegalStateException("part of an offer")).when(check).logWarnings();
        assertThatThrownBy(() -> template.sendBody("direct:relais-check-database", null))
                .isInstanceOf(RuntimeException.class);

        RouteStatus route = figures.of("relais-check-database").orElseThrow();

        assertThat(route.figures().total()).isEqualTo(2);
        assertThat(route.figures().failed()).isEqualTo(1);
        assertThat(route.figures().inflight()).isZero();
        assertThat(route.figures().mean()).isNotNull();
        assertThat(route.figures().completedAt()).isNotNull();
        assertThat(route.figures().failedAt()).isNotNull();
        assertThat(route.lastFailure()).isEqualTo(new RouteFailure(NOW, "IllegalStateException"));
        assertThat(figures.of("relais-watch").orElseThrow().lastFailure()).isNull();
    }

    @Test
    void a_route_that_has_only_failed_has_no_duration() {
        doThrow(new IllegalStateException()).when(check).logWarnings();
        assertThatThrownBy(() -> template.sendBody("direct:relais-check-database", null))
                .isInstanceOf(RuntimeException.class);

        RouteStatus.Figures route =
                figures.of("relais-check-database").orElseThrow().figures();

        assertThat(route.failed()).isEqualTo(1);
        assertThat(route.mean()).isNull();
        assertThat(route.max()).isNull();
        assertThat(route.last()).isNull();
    }

    @Test
    void a_failure_that_the_caller_handles_is_a_failure_of_the_called_route_only() throws Exception {
        getMockEndpoint("mock:heartbeat").expectedMessageCount(1);
        getMockEndpoint("mock:heartbeat").whenAnyExchangeReceived(exchange -> {
            throw new IllegalStateException();
        });

        template.sendBody("direct:relais-send-heartbeat", null);

        getMockEndpoint("mock:heartbeat").assertIsSatisfied();
        assertThat(figures.of("relais-send-heartbeat").orElseThrow().lastFailure())
                .isNull();
    }

    @Test
    void contexts_of_one_process_have_their_own_names_and_leave_nothing_behind() throws Exception {
        try (DefaultCamelContext other = new DefaultCamelContext()) {
            other.start();
            assertThat(other.getManagementName()).isNotEqualTo(context.getManagementName());
            assertThat(beans(other)).isPositive();
            other.stop();
            assertThat(beans(other)).isZero();
        }
    }

    private static int beans(CamelContext camel) throws Exception {
        return ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("org.apache.camel:context=" + camel.getManagementName() + ",*"), null)
                .size();
    }

    @Test
    void without_management_a_route_has_no_figures() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.disableJMX();
            RouteFigures withoutFigures = RouteFigures.of(camel, Clock.systemUTC());
            RouteFiles.find("").stream()
                    .filter(file -> file.name().startsWith("35-"))
                    .forEach(file -> {
                        file.addConfigurations(camel);
                        file.addRoutes(camel);
                    });
            assertThat(withoutFigures.all()).hasSize(3).allMatch(route -> route.figures() == null);
        }
    }
}
