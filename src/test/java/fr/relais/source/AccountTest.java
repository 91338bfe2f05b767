package fr.relais.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import fr.relais.ledger.Ledger;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.ArgumentMatchers;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

@Timeout(30)
class AccountTest {

    @Test
    void the_state_is_returned_while_a_call_to_the_source_waits_for_the_database() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        JdbcClient silent = mock(JdbcClient.class, statement -> {
            waiting.countDown();
            assertThat(answered.await(10, TimeUnit.SECONDS)).isTrue();
            throw new IllegalStateException("no answer");
        });
        Account.Status stored = new Account.Status(Account.State.SUSPECT, null, "no", null);
        JdbcClient readers = mock(JdbcClient.class, RETURNS_DEEP_STUBS);
        when(readers.sql(anyString())
                        .param(anyString(), any())
                        .query(ArgumentMatchers.<RowMapper<Account.Status>>any())
                        .optional())
                .thenReturn(Optional.of(stored));
        Account account = new Account(
                silent,
                TransactionOperations.withoutTransaction(),
                readers,
                new Ledger(silent, Clock.systemUTC()),
                Clock.systemUTC(),
                "00000001");
        CompletableFuture<Void> call = CompletableFuture.runAsync(account::requireNotSuspended);
        assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(account.status()).isEqualTo(stored);
        assertThat(call).isNotDone();
        answered.countDown();
        assertThat(call).failsWithin(10, TimeUnit.SECONDS);
    }
}
