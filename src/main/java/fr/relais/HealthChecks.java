package fr.relais;

import fr.relais.licence.LicenceStatus;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.spi.Registry;
import org.springframework.dao.DataAccessException;

/**
 * The health checks of the pipeline. Camel finds them in the registry. Each is down while its problem lasts. All but
 * {@code relais-alerts} are also down while the database cannot be read. The details quote nothing of an offer.
 */
final class HealthChecks {

    private HealthChecks() {}

    /** Binds each check under its id. The checks use the connections of the handle. */
    static void bind(Registry beans, Relais relais) {
        bind(beans, "relais-freshness", result -> {
            Freshness.Reading reading = relais.freshness().read();
            downIf(reading.state() != Freshness.State.FRESH, result).detail("state", reading.state());
            if (reading.seal() != null) {
                result.detail("sealed", reading.seal().reason());
            }
            if (reading.updatedAt() != null) {
                result.detail("updatedAt", reading.updatedAt()).detail("age", reading.age());
            }
        });
        bind(beans, "relais-account", result -> {
            Account.State state = relais.account().status().state();
            downIf(state != Account.State.ACTIVE, result).detail("state", state);
        });
        bind(beans, "relais-removals", result -> {
            List<SweepSummary> held = relais.sweeps().last(1).stream()
                    .filter(sweep -> sweep.state() == SweepState.HELD)
                    .toList();
            downIf(!held.isEmpty(), result);
            held.forEach(sweep -> result.detail("held", sweep.id()));
            relais.sweeps().undecided().ifPresent(undecided -> result.detail("undecided", undecided.count())
                    .detail("undecidedSince", undecided.since()));
        });
        bind(beans, "relais-report", result -> relais.reports()
                .needingOperator()
                .ifPresent(report -> result.down()
                        .detail("month", report.month())
                        .detail("state", report.state().toString())));
        bind(
                beans,
                "relais-changelog",
                result -> relais.changelog().publication().unpublished().ifPresent(changelog -> result.down()
                        .detail("since", changelog.since())
                        .detail("attempts", changelog.attempts())
                        .detail("reason", changelog.reason() == null ? "unknown" : changelog.reason())));
        bind(beans, "relais-licence", result -> {
            LicenceStatus licence = relais.licence().status();
            downIf(!licence.refused().isEmpty(), result);
            licence.inForce().ifPresent(notice -> result.detail("inForce", notice.version()));
            licence.pending().stream().findFirst().ifPresent(notice -> result.detail("pending", notice.version())
                    .detail("deadline", notice.deadline().lastDay()));
            licence.refused().stream().findFirst().ifPresent(notice -> result.detail("refused", notice.version())
                    .detail("refusedAt", notice.decidedAt()));
        });
        bind(beans, "relais-alerts", result -> {
            if (relais.watch().isUndelivered()) {
                result.down().detail("state", "not delivered");
            }
        });
    }

    private static void bind(Registry beans, String id, Consumer<HealthCheckResultBuilder> reading) {
        beans.bind(id, new Check(id, reading));
    }

    private static HealthCheckResultBuilder downIf(boolean problem, HealthCheckResultBuilder result) {
        return problem ? result.down() : result;
    }

    /**
     * A check that is part of neither readiness nor liveness. A restart would solve none of the problems, and the rest
     * of the host is not affected.
     */
    private static final class Check implements HealthCheck {

        private final String id;
        private final Consumer<HealthCheckResultBuilder> reading;
        private volatile boolean enabled = true;

        /** @param reading adds the details, and sets the state if there is a problem */
        Check(String id, Consumer<HealthCheckResultBuilder> reading) {
            this.id = id;
            this.reading = reading;
        }

        @Override
        public String getId() {
            return id;
        }

        @Override
        public String getGroup() {
            return "relais";
        }

        @Override
        public boolean isReadiness() {
            return false;
        }

        @Override
        public boolean isLiveness() {
            return false;
        }

        @Override
        public boolean isEnabled() {
            return enabled;
        }

        @Override
        public void setEnabled(boolean enabled) {
            this.enabled = enabled;
        }

        @Override
        public Result call(Map<String, Object> options) {
            HealthCheckResultBuilder result = HealthCheckResultBuilder.on(this);
            if (!enabled) {
                return result.unknown().detail(CHECK_ENABLED, false).build();
            }
            try {
                reading.accept(result.up());
            } catch (DataAccessException e) {
                // The result has no error, because the text of the failure may quote values.
                result.down().detail("state", State.UNKNOWN);
            }
            return result.build();
        }
    }
}
