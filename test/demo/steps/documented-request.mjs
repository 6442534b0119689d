/**
 * The create request from Fivetran's documentation, as the inputs of a step. The API key of the
 * source comes from the environment, as a secret does in a workflow.
 */
export const documentedRequest = {
  group_id: 'decent_dropsy',
  service: '15five',
  config: 'schema: 15five\napi_key: ${FIFTEEN_FIVE_API_KEY}',
  trust_certificates: 'true',
  trust_fingerprints: 'true',
  run_setup_tests: 'true',
  paused: 'false',
  pause_after_trial: 'false',
  sync_frequency: '1440',
  daily_sync_time: '14:00',
  schedule_type: 'auto',
  data_delay_sensitivity: 'NORMAL',
  data_delay_threshold: '0',
  networking_method: 'Directly',
  destination_schema_names: 'FIVETRAN_NAMING',
  connect_card_config: 'redirect_uri: https://your.site/path\nhide_setup_guide: true',
};

/** The step's `env:` for the documented request. */
export const documentedEnv = { FIFTEEN_FIVE_API_KEY: 'demo-key-of-the-source-1' };
