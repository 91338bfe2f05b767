package fr.relais.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import fr.relais.CapturedLog;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionSystemException;

class UnloggedTransactionTest {

    private final PlatformTransactionManager transactions = mock();
    private final UnloggedTransaction transaction = new UnloggedTransaction(transactions);

    @Test
    void the_result_is_returned_after_a_commit() {
        assertThat(transaction.<String>execute(status -> "done")).isEqualTo("done");

        verify(transactions).commit(any());
    }

    @Test
    void the_failure_is_rethrown_after_a_rollback() {
        RuntimeException failure = new IllegalStateException("a part of an offer");

        assertThatThrownBy(() -> fail(failure)).isSameAs(failure);

        verify(transactions).rollback(any());
    }

    @Test
    void the_text_of_the_failure_is_not_logged_when_the_rollback_fails_too() {
        doThrow(new TransactionSystemException("no connection"))
                .when(transactions)
                .rollback(any());
        try (CapturedLog log = CapturedLog.ofHost()) {
            assertThatThrownBy(() -> fail(new IllegalStateException("a part of an offer")))
                    .hasMessageContaining("no connection");

            assertThat(log.all()).singleElement().asString().doesNotContain("a part of an offer");
        }
    }

    private void fail(RuntimeException failure) {
        transaction.executeWithoutResult(status -> {
            throw failure;
        });
    }
}
