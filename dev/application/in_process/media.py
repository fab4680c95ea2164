"""Environment variables of media's functions, except names of tables and buckets."""

VARIABLES = {
    "MEDIA_RETENTION_DAYS": "90",
    "USER_POOL_CLIENT_ID": "in-memory-client",
    "COGNITO_URL": "https://cognito-idp.us-east-1.amazonaws.com",
    "MEDIA_BUCKET_URL": "https://mediabucket.s3.us-east-1.amazonaws.com",
}
