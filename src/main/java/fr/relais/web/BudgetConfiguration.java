package fr.relais.web;

import fr.relais.budget.Budget;
import fr.relais.budget.Dns;
import fr.relais.budget.Openings;
import fr.relais.budget.SearchEngines;
import fr.relais.settings.Settings;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** The beans of the public's budget and of its exchange with other processes. */
@Configuration(proxyBeanMethods = false)
class BudgetConfiguration {

    private static final int LOOKUPS = 4;
    private static final int WAITING_LOOKUPS = 100;
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @Bean
    SearchEngines searchEngines(Settings settings) {
        ThreadPoolExecutor lookups = new ThreadPoolExecutor(
                LOOKUPS, LOOKUPS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING_LOOKUPS), task -> {
                    Thread thread = new Thread(task, "relais-dns");
                    thread.setDaemon(true);
                    return thread;
                });
        lookups.allowCoreThreadTimeOut(true);
        return new SearchEngines(settings.budget().searchEngines(), Dns.system(), lookups, TIMEOUT, Clock.systemUTC());
    }

    @Bean
    Budget budget(Settings settings, SearchEngines searchEngines) {
        return new Budget(settings.budget().limits(), searchEngines, Clock.systemUTC());
    }

    @Bean
    Openings openings(JdbcOperations jdbc, PlatformTransactionManager transactions, Budget budget) {
        TransactionTemplate transaction = new TransactionTemplate(transactions);
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        return new Openings(jdbc, transaction, budget);
    }

    /** Starts the exchange once the tables exist. Commands need no exchange, because they serve no visitors. */
    @Bean
    @ConditionalOnWebApplication
    ApplicationListener<ApplicationReadyEvent> exchange(Openings openings) {
        return ready -> openings.start();
    }
}
