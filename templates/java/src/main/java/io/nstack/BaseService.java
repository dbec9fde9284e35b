package io.nstack;

import java.util.Map;

/**
 * A base that a service class may have: hooks to override, and its parameters. Each public method
 * of a service is a function of the API.
 */
public abstract class BaseService {
    /** Called once, before the first message: load models here. Throwing ends the start. */
    public void startup() throws Exception {}

    /** Called once, after the last message. */
    public void shutdown() throws Exception {}

    /**
     * The values of the service's {@code config} parameters, by name, as {@link Parameters} has
     * them.
     */
    protected Map<String, Object> args() {
        return Parameters.all();
    }
}
