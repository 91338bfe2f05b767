package fr.relais.database;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A transaction whose failure is not logged, because its text may quote an offer (licence, article 7). Spring would log
 * the failure at level DEBUG on a rollback, and at level ERROR if the rollback fails too.
 */
public final class UnloggedTransaction extends TransactionTemplate {

    private static final long serialVersionUID = 1L;

    /** What Spring logs instead of the failure. */
    private static final class RolledBack extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient RuntimeException failure;

        private RolledBack(RuntimeException failure) {
            super("the transaction is rolled back after a failure", null, false, false);
            this.failure = failure;
        }
    }

    public UnloggedTransaction(PlatformTransactionManager transactions) {
        super(transactions);
    }

    /** Executes the action, and rethrows its failure unless the rollback fails too. */
    @Override
    public <T> T execute(TransactionCallback<T> action) {
        try {
            return super.execute(status -> {
                try {
                    return action.doInTransaction(status);
                } catch (RuntimeException e) {
                    throw new RolledBack(e);
                }
            });
        } catch (RolledBack e) {
            throw e.failure;
        }
    }
}
