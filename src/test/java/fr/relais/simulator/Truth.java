package fr.relais.simulator;

/** The simulator without faults. A {@link Fault} uses it to obtain true answers. */
public interface Truth {

    /** Answers the received call or another one, with the received token. The answer counts against the rate limit. */
    Answer answer(Call call);

    /** Revokes all tokens that were issued so far. */
    void revokeTokens();
}
